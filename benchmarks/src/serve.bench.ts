/**
 * `pnpm bench:serve`: `ptrm serve` under load on loopback, beside the solver that it stands on with as many puzzles in flight.
 * Easy Sudokus, verified at the first or second rollout, so that the service's own share is as large as it gets. One core is
 * left to the service's own thread and to who asks.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPool, createSolver } from '@ptrm/orchestrator'
import { type Middle, MiddleOfRun } from './middle.ts'
import { runBench, spread } from './report.ts'
import { type Row, type ServeRecord, tellServe } from './serve-report.ts'
import { endlessBatch, type Load, load, type Service, startService, timedLoad } from './service.ts'
import { easySudokus } from './subjects.ts'

const WORKERS = Math.max(1, availableParallelism() - 1)
const CLIENTS = [1, 8, 64, 256]
/** Puzzles of one sample, at least; and each client asks for four. */
const LEAST = 400
/** Of overload, where answers are refusals for the most part. */
const SECONDS = 2
const CROWD = 256
const SMALL_QUEUE = 8

interface Pair {
  readonly bare: Middle
  readonly served: Load & Middle
}

async function bench(repeats: number, say: (text: string) => void): Promise<ServeRecord> {
  const puzzles = easySudokus(50)
  const service = await startService(WORKERS)
  const bare = await bareSolver(puzzles)
  // Until V8 has compiled what runs.
  await load(service, { clients: 8, until: { amount: LEAST }, puzzles })
  await bare.run(8)
  const pairs = new Map<number, Pair[]>(CLIENTS.map((clients) => [clients, []]))
  const alone: Load[] = []
  const beside: (Load & { readonly batchRate: number })[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const clients of CLIENTS) {
      const amount = amountFor(clients)
      pairs.get(clients)!.push({
        bare: await bare.run(clients),
        served: await timedLoad(service, { clients, amount, puzzles }),
      })
    }
    alone.push(await load(service, { clients: 1, until: { amount: LEAST / 4 }, puzzles }))
    beside.push(await besideBatch(service, puzzles))
  }
  await bare.close()
  await service.stop()
  const record: ServeRecord = {
    workers: WORKERS,
    rows: [...pairs].map(([clients, samples]) => rowOf(clients, samples)),
    alone: percentiles(alone),
    besideBatch: {
      ...percentiles(beside),
      batchPuzzlesPerSecond: spread(beside.map((one) => one.batchRate)),
    },
    overload: await overload(puzzles, repeats),
  }
  tellServe(record, say)
  return record
}

const amountFor = (inFlight: number) => Math.max(LEAST, 4 * inFlight)

function rowOf(clients: number, samples: readonly Pair[]): Row {
  const over = (value: (pair: Pair) => number) => spread(samples.map(value))
  const known = (value: (pair: Pair) => number | undefined) =>
    samples.every((pair) => value(pair) !== undefined) ? over((pair) => value(pair)!) : undefined
  return {
    clients,
    puzzlesPerSecond: over(({ served }) => served.puzzlesPerSecond),
    ...percentiles(samples.map(({ served }) => served)),
    barePuzzlesPerSecond: over(({ bare }) => bare.puzzlesPerSecond),
    overhead: over(({ bare, served }) => 1 - served.puzzlesPerSecond / bare.puzzlesPerSecond),
    idle: known(({ served }) => served.idle),
    bareIdle: known(({ bare }) => bare.idle),
    cpuMs: known(({ served }) => served.cpuMs),
    bareCpuMs: known(({ bare }) => bare.cpuMs),
    clientCpuMs: over(({ served }) => served.callerCpuMs),
  }
}

function percentiles(samples: readonly Load[]): Pick<Row, 'p50' | 'p95' | 'p99'> {
  const of = (name: 'p50' | 'p95' | 'p99') => spread(samples.map((one) => one[name]))
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') }
}

/** The solver that the service stands on, in this process, with as many workers. */
async function bareSolver(
  puzzles: readonly string[],
): Promise<{ run(inFlight: number): Promise<Middle>; close(): Promise<void> }> {
  const pool = await createPool({ backend: 'wasm', workers: WORKERS })
  const solver = await createSolver({ model: 'sudoku', pool })
  return {
    async run(inFlight) {
      const amount = amountFor(inFlight)
      const run = new MiddleOfRun({ amount, inFlight, pid: process.pid, workers: WORKERS })
      let next = 0
      const ask = async () => {
        while (next < amount) {
          await solver.solve(puzzles[next++ % puzzles.length]!)
          run.answered()
        }
      }
      await Promise.all(Array.from({ length: inFlight }, ask))
      return run.middle
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
  const single = await load(service, { clients: 1, until: { amount: LEAST / 4 }, puzzles })
  const answers = await batch.stop()
  return { ...single, batchRate: answers / ((performance.now() - started) / 1000) }
}

/** More clients than there are places; then one, who comes when they have gone. */
async function overload(puzzles: readonly string[], repeats: number): Promise<ServeRecord['overload']> {
  const service = await startService(WORKERS, '--max-queue', String(SMALL_QUEUE))
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
  return { clients: CROWD, queue: SMALL_QUEUE, ...counts, recoveryMs: spread(recoveryMs) }
}

async function isAnswered(service: Service, puzzle: string): Promise<boolean> {
  const init = { method: 'POST', headers: service.headers('other'), body: JSON.stringify({ puzzle }) }
  return (await fetch(`${service.url}/v1/solve`, init)).ok
}

await runBench({ name: 'serve', command: 'pnpm bench:serve' }, bench)
