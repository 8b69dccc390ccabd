/** What a browser's trace says of a page's main thread: its tasks, by the clock and by the processor. */

/** Milliseconds. */
export interface MainThreadTasks {
  /** By the clock: the time in which other processes had the core is in it. */
  readonly longest: number
  /** Tasks of 50 ms or more by the clock, as `PerformanceObserver` counts them. */
  readonly over50: number
  /** The longest by the processor: what the page itself takes. */
  readonly longestCpu: number
  /** Of all tasks together, by the processor. */
  readonly totalCpu: number
}

/** One event of Chromium's trace format; times in microseconds. */
interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** What Chromium must be asked to trace. */
export const TRACED: string[] = ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline']
const LONG_MS = 50

/** Of the busiest renderer in the trace, which is the page's. Throws where the trace holds none. */
export function mainThreadTasks(trace: string): MainThreadTasks {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] }
  const mains = traceEvents.filter(
    ({ name, ph, args }) => ph === 'M' && name === 'thread_name' && args?.name === 'CrRendererMain',
  )
  const found = mains.map(({ pid, tid }) =>
    tasksOf(traceEvents.filter((event) => event.pid === pid && event.tid === tid)),
  )
  const busiest = found.toSorted((a, b) => b.totalCpu - a.totalCpu)[0]
  if (!busiest) throw new Error('the trace holds no renderer')
  return busiest
}

function tasksOf(events: readonly TraceEvent[]): MainThreadTasks {
  const tasks = events.filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
  const wall = tasks.map(({ dur = 0 }) => dur / 1000)
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000)
  return {
    longest: Math.max(0, ...wall),
    over50: wall.filter((ms) => ms >= LONG_MS).length,
    longestCpu: Math.max(0, ...cpu),
    totalCpu: cpu.reduce((sum, ms) => sum + ms, 0),
  }
}
