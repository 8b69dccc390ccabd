/** Which process is meant, and whether it still runs: pids are used again, and every container has its own. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, told from all others as well as its system lets us. */
export interface ProcessId {
  readonly pid: number
  readonly host: string
  /** Which start of the machine, and which of its sets of pids; empty where the system does not say. */
  readonly boot: string
  readonly pids: string
  /** When it was started, as the system says it; empty where it does not. */
  readonly start: string
}

/** This process. */
export function thisProcess(): ProcessId {
  const { pid } = process
  return { pid, host: hostname(), boot: bootOf(), pids: pidsOf(), start: startOf(pid) ?? '' }
}

/** Whether a process runs; `unknown` for one of another machine or container. Where start times can't be had, another process with its pid is taken for it. */
export function isRunning({ pid, host, boot, pids, start }: ProcessId): 'yes' | 'no' | 'unknown' {
  if (host !== hostname()) return 'unknown'
  if (boot !== bootOf()) return 'no'
  if (pids !== pidsOf()) return 'unknown'
  if (!isThere(pid)) return 'no'
  const found = startOf(pid)
  if (found === undefined) return 'no'
  return found === start || found === '' || start === '' ? 'yes' : 'no'
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of somebody else may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function bootOf(): string {
  return orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
}

function pidsOf(): string {
  return orEmpty(() => readlinkSync('/proc/self/ns/pid'))
}

/** Undefined for one that has ended and waits to be reaped; empty where nobody says. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    // "pid (name) state ...": the name may hold anything; state is field 3, start time field 22.
    const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : (fields[18] ?? '')
  }
  if (process.platform === 'win32') return ''
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const { stdout } = spawnSync('ps', ['-p', `${pid}`, '-o', 'state=', '-o', 'lstart='], {
    encoding: 'utf8',
    env,
  })
  const [, state, started] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(stdout ?? '') ?? []
  return state?.startsWith('Z') ? undefined : (started ?? '')
}

function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
