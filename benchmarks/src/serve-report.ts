/** What the benchmark of the service finds, and how it is printed. */
import { alignColumns, type Spread, showSpread } from './report.ts'

export interface Row {
  readonly clients: number
  readonly puzzlesPerSecond: Spread
  readonly p50: Spread
  readonly p95: Spread
  readonly p99: Spread
  /** The solver alone, with as many puzzles in flight as there are clients. */
  readonly barePuzzlesPerSecond: Spread
  /** Share of the bare solver's throughput that is missing, each sample against the one before it. */
  readonly overhead: Spread
  /** Share of the time in which workers had nothing to do, in the service and bare. Linux only. */
  readonly idle: Spread | undefined
  readonly bareIdle: Spread | undefined
  /** Processor milliseconds of a puzzle: of the service, of the bare solver, and of the clients. */
  readonly cpuMs: Spread | undefined
  readonly bareCpuMs: Spread | undefined
  readonly clientCpuMs: Spread
}

export interface ServeRecord {
  readonly workers: number
  readonly rows: readonly Row[]
  /** A single caller's milliseconds, median and p95 of each sample: alone, and beside another one's endless batch. */
  readonly alone: { readonly p50: Spread; readonly p95: Spread }
  readonly besideBatch: { readonly p50: Spread; readonly p95: Spread; readonly batchPuzzlesPerSecond: Spread }
  /** Many clients on a small queue. */
  readonly overload: {
    readonly clients: number
    readonly queue: number
    readonly answered: number
    readonly shed: number
    readonly others: number
    readonly recoveryMs: Spread
  }
}

export function tellServe(record: ServeRecord, say: (text: string) => void): void {
  const { rows, alone, besideBatch, overload } = record
  const ms = (one: Spread) => showSpread(one, 1)
  say(`ptrm serve with ${record.workers} worker(s), easy Sudokus: median (min..max) of samples\n`)
  say(
    alignColumns([
      ['clients', 'puzzles/s', 'p50 ms', 'p95 ms', 'p99 ms'],
      ...rows.map(({ clients, puzzlesPerSecond, p50, p95, p99 }) => [
        ...[String(clients), showSpread(puzzlesPerSecond, 0), ms(p50), ms(p95), ms(p99)],
      ]),
    ]),
  )
  say('\nagainst the bare solver with as many puzzles in flight: throughput, and where it goes\n')
  say(
    alignColumns([
      [
        'clients',
        'bare puzzles/s',
        'service takes %',
        'workers idle %',
        'bare %',
        'CPU ms a puzzle',
        'bare',
        'clients',
      ],
      ...rows.map((row) => [
        ...[String(row.clients), showSpread(row.barePuzzlesPerSecond, 0), percent(row.overhead)],
        ...[percent(row.idle), percent(row.bareIdle)],
        ...[row.cpuMs, row.bareCpuMs, row.clientCpuMs].map((one) => (one ? showSpread(one, 2) : '-')),
      ]),
    ]),
  )
  say(`\none caller alone: p50 ${ms(alone.p50)}, p95 ${ms(alone.p95)} ms`)
  const batch = showSpread(besideBatch.batchPuzzlesPerSecond, 0)
  say(
    `beside another one's batch: p50 ${ms(besideBatch.p50)}, p95 ${ms(besideBatch.p95)} ms; the batch has ${batch} puzzles/s`,
  )
  const { clients, queue, answered, shed, others, recoveryMs } = overload
  say(
    `${clients} clients on a queue of ${queue}: ${answered} answered, ${shed} shed with 429, ${others} others; answers again after ${ms(recoveryMs)} ms`,
  )
}

function percent(share: Spread | undefined): string {
  if (!share) return '-'
  const { median, min, max } = share
  return showSpread({ median: 100 * median, min: 100 * min, max: 100 * max }, 1)
}
