/**
 * `pnpm bench:serve-memory`: the memory of `ptrm serve` under load, minute after minute: crowds of 8 and of 64 clients in
 * turn, each of whom connects anew every minute, and a batch that is broken off.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { alignColumns, runBench } from './report.ts'
import { endlessBatch, load, type Service, startService } from './service.ts'
import { easySudokus } from './subjects.ts'

const MINUTE = 60_000
const LOOK_MS = 10_000
const CROWDS = [8, 64]
/** Of a minute, the part that a batch takes. */
const BATCH_MS = 5000

/** Megabytes, the least and the most of the looks of one minute: the least is nearest to what is kept. */
interface Minute {
  readonly minute: number
  readonly clients: number
  readonly puzzles: number
  readonly residentMb: readonly [least: number, most: number]
  readonly heapMb: readonly [least: number, most: number]
  readonly externalMb: readonly [least: number, most: number]
}

interface MemoryOfService {
  readonly workers: number
  readonly minutes: readonly Minute[]
}

const METRICS = {
  residentMb: 'process_resident_memory_bytes',
  heapMb: 'nodejs_heap_size_used_bytes',
  externalMb: 'nodejs_external_memory_bytes',
} as const

async function bench(repeats: number, say: (text: string) => void): Promise<MemoryOfService> {
  const workers = 1
  const service = await startService(workers)
  const puzzles = easySudokus(50)
  const minutes: Minute[] = []
  for (let minute = 1; minute <= repeats; minute++) {
    const clients = CROWDS[minute % CROWDS.length]!
    const one = await minuteOf(service, puzzles, minute, clients)
    minutes.push(one)
    process.stderr.write(`${JSON.stringify(one)}\n`)
  }
  await service.stop()
  say(`ptrm serve with ${workers} worker(s), MB, least and most of a minute's looks\n`)
  const range = ([least, most]: readonly [number, number]) => `${least}..${most}`
  say(
    alignColumns([
      ['minute', 'clients', 'puzzles', 'resident', 'heap', 'external'],
      ...minutes.map(({ minute, clients, puzzles, residentMb, heapMb, externalMb }) => [
        ...[String(minute), String(clients), String(puzzles)],
        ...[range(residentMb), range(heapMb), range(externalMb)],
      ]),
    ]),
  )
  return { workers, minutes }
}

async function minuteOf(
  service: Service,
  puzzles: readonly string[],
  minute: number,
  clients: number,
): Promise<Minute> {
  const going = new AbortController()
  const looking = looksAt(service, going.signal)
  const batch = endlessBatch(service, { puzzles, caller: 'other' })
  await sleep(BATCH_MS)
  const ofBatch = await batch.stop()
  const seconds = (MINUTE - BATCH_MS) / 1000
  const { statuses } = await load(service, { clients, until: { seconds }, puzzles })
  going.abort()
  const looks = await looking
  const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const
  return {
    ...{ minute, clients, puzzles: ofBatch + (statuses['200'] ?? 0) },
    ...{ residentMb: range(looks.residentMb), heapMb: range(looks.heapMb) },
    externalMb: range(looks.externalMb),
  }
}

type Looks = Readonly<Record<keyof typeof METRICS, readonly number[]>>

/** Every ten seconds, until it is told to end. */
async function looksAt(service: Service, signal: AbortSignal): Promise<Looks> {
  const looks = { residentMb: [], heapMb: [], externalMb: [] } as Record<keyof typeof METRICS, number[]>
  while (!signal.aborted) {
    for (const name of Object.keys(METRICS) as (keyof typeof METRICS)[])
      looks[name].push(Math.round((await service.metric(METRICS[name])) / 1e6))
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
  }
  return looks
}

await runBench({ name: 'serve-memory', command: 'pnpm bench:serve-memory' }, bench)
