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

const BIN = fileURLToPath(new URL('../../packages/cli/bin/ptrm.js', import.meta.url))

/** Two callers, whose puzzles share the engine fairly. */
export type Caller = 'one' | 'other'

export interface Service {
  readonly url: string
  headers(caller: Caller): Readonly<Record<string, string>>
  /** Resident bytes of its process. */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** What came of some seconds of load. */
export interface Load {
  readonly answersPerSecond: number
  /** Milliseconds of those that were answered with 200. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
}

/** Starts it on a free port. */
export async function startService(...flags: string[]): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-bench-'))
  const keys = { one: newKey('one'), other: newKey('other') }
  writeFileSync(join(folder, 'keys'), `${keys.one.line}\n${keys.other.line}\n`)
  const args = ['serve', '--port', '0', '--log', 'error', '--keys', join(folder, 'keys'), ...flags]
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'inherit', 'pipe'] })
  const [text] = await once(child.stderr!.setEncoding('utf8'), 'data')
  const [url] = /http:\S+\d/.exec(text) ?? []
  if (url === undefined) throw new Error(text)
  const headers = (caller: Caller) => ({
    ...{ Authorization: `Bearer ${keys[caller].key}`, 'Content-Type': 'application/json' },
  })
  return {
    ...{ url, headers },
    async memory() {
      const metrics = await (await fetch(`${url}/metrics`, { headers: headers('one') })).text()
      return Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)![1])
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
      rmSync(folder, { recursive: true })
    },
  }
}

/** So many clients that ask for one puzzle after the other: so many in all, or for so many seconds, whose last ones are not waited for. */
export async function load(
  service: Service,
  {
    clients,
    until,
    puzzles,
    caller = 'one',
  }: {
    readonly clients: number
    readonly until: { readonly amount: number } | { readonly seconds: number }
    readonly puzzles: readonly string[]
    readonly caller?: Caller
  },
): Promise<Load> {
  // One list for all clients: each by itself would ask for the first few alone.
  let asked = 0
  const times: number[] = []
  const statuses: Record<string, number> = {}
  const started = performance.now()
  // autocannon comes to its end at a tick of a second, however long ago the last answer was.
  let last = started
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
      last = performance.now()
      if (status === 200) times.push(ms)
    })
  })
  const answersPerSecond = times.length / ((last - started) / 1000)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => (times.length > 0 ? percentile(times, share) : 0))
  return { answersPerSecond, p50: p50!, p95: p95!, p99: p99!, statuses }
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
