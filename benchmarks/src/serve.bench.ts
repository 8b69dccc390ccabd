/**
 * `pnpm bench:serve`: `ptrm serve` under load on loopback. Easy Sudokus, verified at the first or second rollout, so that the
 * service's own share is as large as it gets. One core is left to the service's own thread and to who asks.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPool, createSolver } from '@ptrm/orchestrator'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'
import { endlessBatch, type Load, load, type Service, startService } from './service.ts'
import { easySudokus } from './subjects.ts'

const WORKERS = Math.max(1, availableParallelism() - 1)
const CLIENTS = [1, 8, 64, 256]
/** Puzzles of one sample, at least; and each client asks for two. */
const LEAST = 200
/** Of overload, where answers are refusals for the most part. */
const SECONDS = 2
/** Asks of the bare solver at once: as many as keep it busy. */
const AT_ONCE = 64
const CROWD = 256
const SMALL_QUEUE = 8

interface Row {
  readonly clients: number
  readonly puzzlesPerSecond: Spread
  readonly p50: Spread
  readonly p95: Spread
  readonly p99: Spread
}

interface Record {
  readonly workers: number
  readonly rows: readonly Row[]
  /** The bare solver, with as many puzzles at once as there are clients. */
  readonly barePuzzlesPerSecond: Spread
  /** Share of the bare solver's throughput that the service takes, each sample against the one before it. */
  readonly overhead: Spread
  /** A single caller's milliseconds, median and p95 of each sample: alone, and beside another one's endless batch. */
  readonly alone: { readonly p50: Spread; readonly p95: Spread }
  readonly besideBatch: { readonly p50: Spread; readonly p95: Spread; readonly batchPuzzlesPerSecond: Spread }
  /** 256 clients on a queue of 8. */
  readonly overload: {
    readonly answered: number
    readonly shed: number
    readonly others: number
    readonly recoveryMs: Spread
  }
  /** Resident megabytes of the service, one a repeat. */
  readonly memoryMb: readonly number[]
}

async function bench(repeats: number, say: (text: string) => void): Promise<Record> {
  const puzzles = easySudokus(50)
  const service = await startService('--workers', String(WORKERS))
  const bare = await bareSolver(puzzles)
  // Until V8 has compiled what runs.
  await load(service, { clients: 8, until: { amount: LEAST }, puzzles })
  await bare.puzzlesPerSecond()
  const loads = new Map<number, Load[]>(CLIENTS.map((clients) => [clients, []]))
  const bareRates: number[] = []
  const overheads: number[] = []
  const alone: Load[] = []
  const beside: (Load & { readonly batchRate: number })[] = []
  const memoryMb: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const clients of CLIENTS) {
      if (clients === AT_ONCE) bareRates.push(await bare.puzzlesPerSecond())
      const amount = Math.max(LEAST, 2 * clients)
      const one = await load(service, { clients, until: { amount }, puzzles })
      loads.get(clients)!.push(one)
      if (clients === AT_ONCE) overheads.push(1 - one.answersPerSecond / bareRates.at(-1)!)
    }
    alone.push(await load(service, { clients: 1, until: { amount: LEAST / 2 }, puzzles }))
    beside.push(await besideBatch(service, puzzles))
    memoryMb.push(Math.round((await service.memory()) / 1e6))
  }
  await bare.close()
  await service.stop()
  const record: Record = {
    workers: WORKERS,
    rows: [...loads].map(([clients, samples]) => ({
      clients,
      puzzlesPerSecond: spread(samples.map((one) => one.answersPerSecond)),
      ...percentiles(samples),
    })),
    barePuzzlesPerSecond: spread(bareRates),
    overhead: spread(overheads),
    alone: percentiles(alone),
    besideBatch: {
      ...percentiles(beside),
      batchPuzzlesPerSecond: spread(beside.map((one) => one.batchRate)),
    },
    overload: await overload(puzzles, repeats),
    memoryMb,
  }
  tell(record, say)
  return record
}

function percentiles(samples: readonly Load[]): Pick<Row, 'p50' | 'p95' | 'p99'> {
  const of = (name: 'p50' | 'p95' | 'p99') => spread(samples.map((one) => one[name]))
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') }
}

/** The solver that the service stands on, in this process, with as many workers. */
async function bareSolver(
  puzzles: readonly string[],
): Promise<{ puzzlesPerSecond(): Promise<number>; close(): Promise<void> }> {
  const pool = await createPool({ backend: 'wasm', workers: WORKERS })
  const solver = await createSolver({ model: 'sudoku', pool })
  return {
    async puzzlesPerSecond() {
      const started = performance.now()
      let next = 0
      const ask = async () => {
        while (next < LEAST) await solver.solve(puzzles[next++ % puzzles.length]!)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, ask))
      return LEAST / ((performance.now() - started) / 1000)
    },
    close: () => pool.close(),
  }
}

async function besideBatch(
  service: Service,
  puzzles: readonly string[],
): Promise<Load & { readonly batchRate: number }> {
  const started = performance.now()
  const batch = endlessBatch(service, { puzzles, caller: 'other' })
  // Until it fills the engine.
  await sleep(500)
  const single = await load(service, { clients: 1, until: { amount: LEAST / 2 }, puzzles })
  const answers = await batch.stop()
  return { ...single, batchRate: answers / ((performance.now() - started) / 1000) }
}

/** More clients than there are places; then one, who comes when they have gone. */
async function overload(puzzles: readonly string[], repeats: number): Promise<Record['overload']> {
  const service = await startService('--workers', String(WORKERS), '--max-queue', String(SMALL_QUEUE))
  const counts = { answered: 0, shed: 0, others: 0 }
  const recoveryMs: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { statuses } = await load(service, { clients: CROWD, until: { seconds: SECONDS }, puzzles })
    for (const [status, count] of Object.entries(statuses))
      counts[status === '200' ? 'answered' : status === '429' ? 'shed' : 'others'] += count
    const gone = performance.now()
    while (!(await isAnswered(service, puzzles[0]!))) await sleep(5)
    recoveryMs.push(performance.now() - gone)
  }
  await service.stop()
  return { ...counts, recoveryMs: spread(recoveryMs) }
}

async function isAnswered(service: Service, puzzle: string): Promise<boolean> {
  const init = { method: 'POST', headers: service.headers('other'), body: JSON.stringify({ puzzle }) }
  return (await fetch(`${service.url}/v1/solve`, init)).ok
}

function tell(record: Record, say: (text: string) => void): void {
  const { rows, alone, besideBatch, overload, memoryMb } = record
  say(
    `ptrm serve with ${record.workers} worker(s), easy Sudokus: median (min..max) of samples of ${LEAST} puzzles or more\n`,
  )
  const ms = (one: Spread) => showSpread(one, 1)
  say(
    alignColumns([
      ['clients', 'puzzles/s', 'p50 ms', 'p95 ms', 'p99 ms'],
      ...rows.map(({ clients, puzzlesPerSecond, p50, p95, p99 }) => [
        ...[String(clients), showSpread(puzzlesPerSecond, 0), ms(p50), ms(p95), ms(p99)],
      ]),
    ]),
  )
  const percent = ({ median, min, max }: Spread) =>
    showSpread({ median: 100 * median, min: 100 * min, max: 100 * max }, 1)
  say(
    `\nbare solver: ${showSpread(record.barePuzzlesPerSecond, 0)} puzzles/s; the service takes ${percent(record.overhead)}% of it`,
  )
  say(`one caller alone: p50 ${ms(alone.p50)}, p95 ${ms(alone.p95)} ms`)
  say(
    `beside another one's batch: p50 ${ms(besideBatch.p50)}, p95 ${ms(besideBatch.p95)} ms; the batch has ${showSpread(besideBatch.batchPuzzlesPerSecond, 0)} puzzles/s`,
  )
  say(
    `${CROWD} clients on a queue of ${SMALL_QUEUE}: ${overload.answered} answered, ${overload.shed} shed with 429, ${overload.others} others; answers again after ${ms(overload.recoveryMs)} ms`,
  )
  say(`resident MB of the service, one a repeat: ${memoryMb.join(', ')}`)
}

await runBench({ name: 'serve', command: 'pnpm bench:serve' }, bench)
