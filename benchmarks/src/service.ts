/** `ptrm serve` as a process of its own, under load: what the benchmark of the service asks of it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { percentile } from '@ptrm/eval/metrics'
import { newKey } from '@ptrm/server'
import autocannon from 'autocannon'
import { type Middle, MiddleOfRun } from './middle.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/ptrm.js', import.meta.url))

/** Two callers, whose puzzles share the engine fairly. */
export type Caller = 'one' | 'other'

export interface Service {
  readonly url: string
  readonly pid: number
  readonly workers: number
  headers(caller: Caller): Readonly<Record<string, string>>
  /** One of its metrics that has no labels, by name. */
  metric(name: string): Promise<number>
  stop(): Promise<void>
}

/** What came of some load. */
export interface Load {
  /** Milliseconds of those that were answered with 200. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
}

/** Starts it on a free port. */
export async function startService(workers: number, ...flags: string[]): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-bench-'))
  const keys = { one: newKey('one'), other: newKey('other') }
  writeFileSync(join(folder, 'keys'), `${keys.one.line}\n${keys.other.line}\n`)
  const args = ['serve', '--port', '0', '--log', 'error', '--keys', join(folder, 'keys')]
  args.push('--workers', String(workers), ...flags)
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'inherit', 'pipe'] })
  const [text] = await once(child.stderr!.setEncoding('utf8'), 'data')
  const [url] = /http:\S+\d/.exec(text) ?? []
  if (url === undefined) throw new Error(text)
  const headers = (caller: Caller) => ({
    ...{ Authorization: `Bearer ${keys[caller].key}`, 'Content-Type': 'application/json' },
  })
  return {
    ...{ url, headers, workers, pid: child.pid! },
    async metric(name) {
      const metrics = await (await fetch(`${url}/metrics`, { headers: headers('one') })).text()
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)![1])
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
      rmSync(folder, { recursive: true })
    },
  }
}

/** Clients that ask for one puzzle after the other. */
export interface Clients {
  readonly clients: number
  /** So many puzzles in all, or for so many seconds, whose last ones are not waited for. */
  readonly until: { readonly amount: number } | { readonly seconds: number }
  readonly puzzles: readonly string[]
  readonly caller?: Caller
  /** Hears of every answer. */
  readonly onAnswer?: () => void
}

/** `load` of an amount, timed in its middle. */
export async function timedLoad(
  service: Service,
  { clients, amount, puzzles }: Omit<Clients, 'until'> & { readonly amount: number },
): Promise<Load & Middle> {
  const { pid, workers } = service
  const run = new MiddleOfRun({ amount, inFlight: clients, pid, workers })
  const onAnswer = () => run.answered()
  const came = await load(service, { clients, until: { amount }, puzzles, onAnswer })
  return { ...came, ...run.middle }
}

export async function load(
  service: Service,
  { clients, until, puzzles, caller = 'one', onAnswer }: Clients,
): Promise<Load> {
  // One list for all clients: each by itself would ask for the first few alone.
  let asked = 0
  const times: number[] = []
  const statuses: Record<string, number> = {}
  await new Promise<void>((resolve, reject) => {
    const options = {
      ...{ url: service.url, connections: clients, timeout: 60 },
      ...('amount' in until ? until : { duration: until.seconds }),
      requests: [
        {
          ...{ method: 'POST' as const, path: '/v1/solve', headers: { ...service.headers(caller) } },
          setupRequest: (request: autocannon.Request) => ({
            ...request,
            body: JSON.stringify({ puzzle: puzzles[asked++ % puzzles.length] }),
          }),
        },
      ],
    }
    // With a callback it returns what tells of each answer.
    const run = autocannon(options, (error) => (error ? reject(error) : resolve()))
    run.on('response', (_client, status, _bytes, ms) => {
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) times.push(ms)
      onAnswer?.()
    })
  })
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => (times.length > 0 ? percentile(times, share) : 0))
  return { p50: p50!, p95: p95!, p99: p99!, statuses }
}

/** Sends a batch without end and reads its answers, until it is stopped; tells how many came. */
export function endlessBatch(
  service: Service,
  { puzzles, caller }: { readonly puzzles: readonly string[]; readonly caller: Caller },
): { stop(): Promise<number> } {
  const going = new AbortController()
  const lines = new TextEncoder().encode(puzzles.map((puzzle) => `${JSON.stringify({ puzzle })}\n`).join(''))
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      // fetch goes on pulling after an abort, and would leave nobody else a turn.
      await nextTurn()
      if (going.signal.aborted) controller.close()
      else controller.enqueue(lines)
    },
  })
  const headers = { ...service.headers(caller), 'Content-Type': 'application/x-ndjson' }
  let answers = 0
  const reading = (async () => {
    const init = { method: 'POST', headers, body, duplex: 'half', signal: going.signal }
    const response = await fetch(`${service.url}/v1/batches`, init as RequestInit)
    for await (const chunk of response.body!) for (const byte of chunk) if (byte === 0x0a) answers += 1
  })().catch((error: unknown) => {
    if (!going.signal.aborted) throw error
  })
  return {
    async stop() {
      going.abort()
      await reading
      return answers
    },
  }
}
