/** The figures at the end of a run over many puzzles. */
import { percentile, wilson95 } from '@ptrm/eval/metrics'

export interface Tally {
  done: number
  solved: number
  /** Entries that could not be read or that contradict themselves. */
  bad: number
  readonly ms: number[]
}

export function newTally(): Tally {
  return { done: 0, solved: 0, bad: 0, ms: [] }
}

export interface Summary {
  readonly done: number
  readonly solved: number
  readonly bad: number
  /** Wilson's 95% interval of the solved share, in percent. */
  readonly interval: readonly [number, number]
  readonly msMedian: number
  readonly msP95: number
  readonly seconds: number
}

export function summarize({ done, solved, bad, ms }: Tally, seconds: number): Summary {
  const [low, high] = wilson95({ right: solved, of: done })
  const interval = [round(100 * low), round(100 * high)] as const
  return {
    done,
    solved,
    bad,
    interval,
    msMedian: round(percentile(ms, 0.5)),
    msP95: round(percentile(ms, 0.95)),
    seconds: round(seconds),
  }
}

export function formatSummary({ done, solved, bad, interval, msMedian, msP95, seconds }: Summary): string {
  const share =
    done > 0 ? ` = ${((100 * solved) / done).toFixed(1)}% (95% interval ${interval[0]}-${interval[1]}%)` : ''
  const unread = bad > 0 ? `, ${bad} unusable` : ''
  const times = done > 0 ? `; ms a puzzle: median ${msMedian}, p95 ${msP95}` : ''
  return `solved ${solved} of ${done}${share}${unread}${times}; ${seconds} s in all`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
