/** What a process and its threads have used of the processors, by Linux's own account. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** Milliseconds by `performance.now`. */
  readonly at: number
  /** Milliseconds of processor time, of all threads. */
  readonly cpuMs: number
  /** Of each thread but the main one: milliseconds in which it had something to do, those in a queue for a core among them. */
  readonly wantedMs: ReadonlyMap<string, number>
}

/** Undefined where the system does not tell. */
export function usageOf(pid: number): Usage | undefined {
  try {
    let cpuMs = 0
    const wantedMs = new Map<string, number>()
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      // Nanoseconds on a core, and in a queue for one.
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
      const [ran, waited] = text.split(' ').map(Number) as [number, number]
      cpuMs += ran / 1e6
      if (thread !== String(pid)) wantedMs.set(thread, (ran + waited) / 1e6)
    }
    return { at: performance.now(), cpuMs, wantedMs }
  } catch {
    return undefined
  }
}

/** Between two looks: the share of the time in which the busiest threads, so many of them, had nothing to do. */
export function idleShare(before: Usage, after: Usage, threads: number): number {
  const wanted = [...after.wantedMs].map(([thread, ms]) => ms - (before.wantedMs.get(thread) ?? 0))
  const busiest = wanted.sort((a, b) => b - a).slice(0, threads)
  return 1 - busiest.reduce((sum, ms) => sum + ms, 0) / (threads * (after.at - before.at))
}
