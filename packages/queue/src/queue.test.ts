/** Runs over a real Redis with an engine that only pretends: nothing lost, nothing twice, whatever ends in the middle. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { KernelUnavailableError } from '@ptrm/orchestrator'
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasNoRedis, TestRedis } from '../test/redis-server.ts'
import { type Solved, type StubOptions, stubEngines } from '../test/stub-engine.ts'
import { type CollectedRecord, collect } from './collect.ts'
import type { Engines } from './engines.ts'
import { RunVersionError } from './errors.ts'
import { keysOf } from './keys.ts'
import { connect } from './redis.ts'
import { removeRun } from './removal.ts'
import { readRun } from './spec.ts'
import { runNames, statusOf } from './status.ts'
import { type SubmitOptions, submit } from './submit.ts'
import { type WorkerOptions, work } from './worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-queue-'))
afterAll(() => rmSync(folder, { recursive: true }))
const SUDOKUS = readFileSync(new URL('../../../examples/sudoku-dev-200.csv', import.meta.url), 'utf8').split(
  '\n',
)
const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const file = (name: string, lines: readonly string[]) => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  return join(folder, name)
}
const data = file('sudokus.csv', SUDOKUS.slice(0, 121))
// No whole part of it is a third.
const LOCK_MS = 1000

describe.skipIf(hasNoRedis())('a run', () => {
  let server: TestRedis
  let redis: Redis
  beforeAll(async () => {
    server = await TestRedis.start()
    redis = await connect(server.url)
  })
  afterAll(async () => {
    redis?.disconnect()
    await server?.end()
  })

  const send = (name: string, input = data, options: Partial<SubmitOptions> = {}) =>
    submit(redis, input, { name, jobSeconds: 0.2, plan: { rollouts: 8, steps: 16 }, ...options })
  const help = (options: WorkerOptions & { readonly stub?: StubOptions; readonly solved?: Solved } = {}) =>
    work(redis, {
      untilDone: true,
      lockMs: LOCK_MS,
      engines: stubEngines(options.stub, options.solved),
      ...options,
    })
  const all = async (name: string, from = 0) => {
    const records: CollectedRecord[] = []
    for await (const record of collect(redis, name, { from })) records.push(record)
    return records
  }

  let whole: CollectedRecord[]
  it('comes back in the input’s order, each puzzle solved once', async () => {
    const { entries, jobs } = await send('one')
    expect(entries).toBe(120)
    expect(jobs).toBeGreaterThan(10)
    const solved: Solved = new Map()
    expect((await help({ solved })).puzzles).toBe(120)
    whole = await all('one')
    expect(whole.map(({ id }) => id)).toEqual(SUDOKUS.slice(1, 121).map((line) => line.split(',')[0]))
    expect([...solved.values()].every((times) => times === 1)).toBe(true)
    expect(await all('one', 118)).toEqual(whole.slice(118))
    const { progress, jobs: left } = await statusOf(redis, 'one')
    expect(progress).toMatchObject({ entries: 120, done: 120, bad: 0 })
    expect(left).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 })
  })

  it('is the same of three workers, and adds nothing when it is submitted again', async () => {
    const { run } = await send('three')
    expect((await send('three')).run).toEqual(run)
    const reports = await Promise.all([1, 2, 3].map(() => help({ stub: { ms: 5 } })))
    expect(reports.reduce((sum, { puzzles }) => sum + puzzles, 0)).toBe(120)
    expect(await all('three')).toEqual(whole)
    expect((await send('three')).jobs).toBe(0)
  })

  it('is gone on with where a worker left, within a moment', async () => {
    await send('left')
    const solved: Solved = new Map()
    const leave = new AbortController()
    const first = help({ stub: { ms: 20 }, solved, signal: leave.signal })
    while (solved.size < 20) await sleep(5)
    leave.abort()
    const { puzzles } = await first
    expect(puzzles).toBeLessThan(120)
    const { jobs } = await statusOf(redis, 'left')
    expect(jobs.active).toBe(0)
    expect((await help({ solved })).puzzles).toBe(120 - puzzles)
    expect(await all('left')).toEqual(whole)
  })

  it('gets the jobs of a worker that is gone to others', async () => {
    await send('gone')
    const { prefix } = keysOf(await readRun(redis, 'gone'))
    const gone = new Worker('sudoku-2', null, { connection: redis, prefix, lockDuration: 300 })
    const held = await gone.getNextJob('its claim')
    expect(held?.data.puzzles).toContain(0)
    await gone.close(true)
    const faults: string[] = []
    expect((await help({ onFault: (text) => faults.push(text) })).puzzles).toBe(120)
    expect(faults).toEqual([])
    expect(await all('gone')).toEqual(whole)
  })

  it('survives a Redis that is killed in the middle', async () => {
    await send('killed')
    const solved: Solved = new Map()
    const working = help({ stub: { ms: 10 }, solved })
    while (solved.size < 30) await sleep(5)
    await server.kill()
    await sleep(300)
    await server.begin()
    await working
    expect(await all('killed')).toEqual(whole)
  })

  it('has its bad entries in their places, whatever the kind', async () => {
    const input = file('mixed.csv', ['id,puzzle', `a,${SUDOKUS[1]!.split(',')[1]}`, 'b,12', `c,${AKARI}`])
    await send('mixed', input)
    await help()
    const records = await all('mixed')
    expect(records.map(({ id, kind, status }) => [id, kind, status === 'bad-input'])).toEqual([
      ['a', 'sudoku', false],
      [undefined, undefined, true],
      ['c', 'lightup', false],
    ])
    expect(records[1]).toMatchObject({ error: 'PuzzleParseError', where: { line: 3 } })
  })

  it('has a part for each model that its puzzles go to', async () => {
    const lines = [
      'https://puzz.link/p?heyawake/6/6/aaaeee00pg681h1g100',
      'https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h',
      AKARI,
    ]
    const { run } = await send('parts', file('parts.txt', lines), { jobSeconds: 60 })
    expect(Object.keys(run.spec.models)).toEqual(['heyawake-2', 'heyawake-3', 'lightup-3'])
    expect(Object.entries(run.spec.models).every(([part, { name }]) => part === name)).toBe(true)
    const remarks: string[] = []
    await help({ onRemark: (text) => remarks.push(text) })
    expect(remarks).toContainEqual(expect.stringContaining('run parts, heyawake-3: at work with heyawake-3'))
    expect((await all('parts')).map(({ kind }) => kind)).toEqual(['heyawake', 'heyawake', 'lightup'])
    await removeRun(redis, run)
  })

  it('of a model that a worker has not is named and left to others', async () => {
    const bundled = new URL('../../models/weights/sudoku-2/model.safetensors', import.meta.url).pathname
    const model = join(folder, 'tuned.safetensors')
    const bytes = readFileSync(bundled)
    // Another file of the same model: its header ends in one more blank.
    const size = bytes.readBigUInt64LE()
    const head = Buffer.alloc(8)
    head.writeBigUInt64LE(size + 8n)
    const split = 8 + Number(size)
    writeFileSync(
      model,
      Buffer.concat([head, bytes.subarray(8, split), Buffer.from('        '), bytes.subarray(split)]),
    )
    await send('tuned', data, { model })
    const remarks: string[] = []
    expect((await help({ onRemark: (text) => remarks.push(text) })).puzzles).toBe(0)
    expect(remarks).toEqual([
      expect.stringMatching(/^run tuned wants the model tuned.safetensors with SHA-256 /),
    ])
    expect((await statusOf(redis, 'tuned')).jobs).toMatchObject({ active: 0, dead: 0 })
    expect((await help({ models: [model] })).puzzles).toBe(120)
    expect((await all('tuned')).map(({ q }) => q)).toEqual(whole.map(({ q }) => q))
  })

  it('tells of a puzzle that fails for good, keeps the others, and tries it anew when it is submitted again', async () => {
    const input = file('few.csv', SUDOKUS.slice(0, 5))
    await send('dead', input)
    const faults: string[] = []
    const third = JSON.stringify(await puzzleOf(SUDOKUS[3]!))
    const check = (puzzle: unknown) => {
      if (JSON.stringify(puzzle) === third) throw new Error('the worker crashed')
    }
    const working = help({ stub: { check }, onFault: (text) => faults.push(text) })
    await expect(all('dead')).rejects.toThrow(
      'puzzle 2 of run dead has no record: its job failed for good by: puzzle 2: the worker crashed; submit the run again',
    )
    await working
    expect(faults).toHaveLength(3)
    const { jobs, progress, deadLetters } = await statusOf(redis, 'dead')
    expect([jobs.dead, progress.done]).toEqual([1, 3])
    expect(deadLetters).toMatchObject([{ part: 'sudoku-2', reason: 'puzzle 2: the worker crashed' }])
    expect(await send('dead', input)).toMatchObject({ retried: 1 })
    await help()
    expect(await all('dead')).toHaveLength(4)
  })

  it('refuses to be another under the same name, and can be removed', async () => {
    await expect(send('one', data, { plan: { rollouts: 9, steps: 16 } })).rejects.toThrow(
      'run one is there with plan {"rollouts":8,"steps":16,"exact":true}, now it is {"rollouts":9',
    )
    await expect(send('one', file('other.csv', SUDOKUS.slice(0, 3)))).rejects.toThrow('is there with data')
    await expect(send('one', data, { plan: { rollouts: 0 } })).rejects.toThrow('plan.rollouts')
    await expect(all('none')).rejects.toThrow('no run none; there are dead, gone, killed, left')
    await expect(send('a b')).rejects.toThrow('a name has up to 64 letters')
    await removeRun(redis, 'one')
    expect(await redis.keys('{ptrm:one}*')).toEqual([])
    await expect(all('one')).rejects.toThrow('no run one')
  })

  it('leaves its name to another one, between two looks of its workers, and nothing else', async () => {
    const stub = stubEngines({ ms: 20 })
    const begun: number[] = []
    const open: Engines['open'] = async (model, kind, spec) => {
      begun.push(spec.plan.rollouts!)
      return { ...(await stub.open(model, kind, spec)), backend: `K = ${spec.plan.rollouts}` }
    }
    const { run: first } = await send('again')
    const leave = new AbortController()
    const engines = { ...stub, open }
    const working = help({ engines, untilDone: false, signal: leave.signal, lockMs: 100 })
    await vi.waitUntil(async () => (await statusOf(redis, 'again')).progress.done > 10, { timeout: 10_000 })
    await removeRun(redis, first)
    const { run: second } = await send('again', data, { plan: { rollouts: 9, steps: 16 } })
    expect(second.id).not.toBe(first.id)
    expect(begun).toEqual([8])
    const records = await all('again')
    expect(new Set(records.map(({ backend }) => backend))).toEqual(new Set(['K = 9']))
    expect((await statusOf(redis, 'again')).progress).toMatchObject({ entries: 120, done: 120 })
    // Who had the first run does not remove the second.
    await removeRun(redis, first)
    expect(await all('again')).toHaveLength(120)
    await expect(collect(redis, first).next()).rejects.toThrow('run again was removed while it was being')
    leave.abort()
    await working
    expect(await redis.keys(`*${first.id}*`)).toEqual([])
    expect(await runNames(redis)).toContain('again')
    await removeRun(redis, 'again')
    expect(await redis.keys('{ptrm:again}*')).toEqual([])
  })

  it('that is removed leaves nothing, though workers wait for it and look after claims', async () => {
    const { run } = await send('waits', file('some.csv', SUDOKUS.slice(0, 3)))
    const leave = new AbortController()
    const remarks: string[] = []
    const onRemark = (text: string) => remarks.push(text)
    const engines = stubEngines({ ms: 60_000 })
    const working = help({ engines, untilDone: false, signal: leave.signal, lockMs: 100, onRemark })
    await vi.waitUntil(async () => (await statusOf(redis, 'waits')).jobs.active > 0, { timeout: 10_000 })
    await removeRun(redis, run)
    await vi.waitUntil(() => remarks.includes('run waits, sudoku-2: over'), { timeout: 10_000 })
    expect(await redis.keys('{ptrm:waits}*')).toEqual([])
    leave.abort()
    await working
    expect(await redis.keys('{ptrm:waits}*')).toEqual([])
  })

  it('whose removal was ended in the middle is removed by another, or gone on with', async () => {
    await send('half')
    const cut = vi.spyOn(Queue.prototype, 'obliterate')
    cut.mockImplementation(async function (this: Queue) {
      await this.pause()
      throw new Error('the process ends')
    })
    await expect(removeRun(redis, 'half')).rejects.toThrow('the process ends')
    cut.mockRestore()
    await send('half')
    await help()
    expect(await all('half')).toEqual(whole)
    await removeRun(redis, 'half')
    expect(await redis.keys('{ptrm:half}*')).toEqual([])
  })

  it('that is removed while it is being submitted is refused, and leaves nothing', async () => {
    const add = redis.sadd.bind(redis) as (...args: string[]) => Promise<number>
    vi.spyOn(redis, 'sadd').mockImplementationOnce(async (...args) => {
      await removeRun(redis, 'cut')
      return add(...(args as string[]))
    })
    await expect(send('cut')).rejects.toThrow('run cut was removed while it was being submitted')
    vi.restoreAllMocks()
    expect(await redis.keys('{ptrm:cut}*')).toEqual([])
    expect(await runNames(redis)).not.toContain('cut')
  })

  it('of another version, or of a kernel that this machine has not, is left to others, and hides no other run', async () => {
    await redis.hset('{ptrm:future}:run', { id: 'x', spec: '{"format":3}', layouts: '{}' })
    await redis.sadd('ptrm:runs', 'future')
    const { run: relaxed } = await send('relaxed', data, { kernel: 'relaxed' })
    await send('plain', file('two.csv', SUDOKUS.slice(0, 3)))
    const { open, close } = stubEngines()
    const engines: Engines = {
      open: (model, kind, spec) =>
        spec.kernel === 'relaxed'
          ? Promise.reject(new KernelUnavailableError('no relaxed SIMD here'))
          : open(model, kind, spec),
      close,
    }
    const remarks: string[] = []
    const { puzzles } = await help({ engines, onRemark: (text) => remarks.push(text) })
    expect(puzzles).toBe(2)
    expect(remarks.filter((text) => /left to others/.test(text))).toEqual([
      expect.stringMatching(/^run future was submitted by another version/),
      expect.stringMatching(/^run relaxed: no relaxed SIMD here; its sudoku-2 puzzles are left to others/),
    ])
    await expect(statusOf(redis, 'future')).rejects.toThrow(RunVersionError)
    await redis.del('{ptrm:future}:run')
    await redis.srem('ptrm:runs', 'future')
    await removeRun(redis, relaxed)
  })

  it('of another build of the kernel is left to others', async () => {
    const { run } = await send('kernel', file('one.csv', SUDOKUS.slice(0, 2)))
    await redis.hset(keysOf(run).run, { spec: JSON.stringify({ ...run.spec, kernelSha256: 'ab' }) })
    const remarks: string[] = []
    expect((await help({ onRemark: (text) => remarks.push(text) })).puzzles).toBe(0)
    expect(remarks).toContainEqual(
      expect.stringMatching(/^run kernel wants the simd128 kernel of another version/),
    )
    await removeRun(redis, run)
  })

  it('that is still being submitted is waited for, whatever has no job yet', async () => {
    await send('slow')
    const run = await readRun(redis, 'slow')
    await redis.hset(keysOf(run).run, { submitted: '' })
    await redis.del(`${keysOf(run).prefix}:sudoku-2:wait`)
    let isOver = false
    const collecting = all('slow').catch((error: Error) => error)
    void collecting.then(() => {
      isOver = true
    })
    await sleep(8000)
    expect(isOver).toBe(false)
    await redis.hset(keysOf(run).run, { submitted: '1' })
    expect(await collecting).toMatchObject({ message: expect.stringContaining('neither a record nor a job') })
  })

  it('whose jobs are lost ends its collecting with a word', async () => {
    await send('lost')
    await redis.del(`${keysOf(await readRun(redis, 'lost')).prefix}:sudoku-2:wait`)
    await expect(all('lost')).rejects.toThrow('puzzle 0 of run lost has neither a record nor a job')
  })
})

async function puzzleOf(line: string): Promise<unknown> {
  const { kinds } = await import('@ptrm/puzzles')
  return kinds.get('sudoku')!.parse(line.split(',')[1]!)
}

describe('a connection', () => {
  it.each([
    ['http://localhost', 'wants a URL such as redis://localhost:6379'],
    ['localhost', 'wants a URL'],
    [
      'redis://user:secret@127.0.0.1:1',
      "can't reach Redis at redis://user:***@127.0.0.1:1: connect ECONNREFUSED",
    ],
  ])('to %s is refused', async (url, message) => {
    await expect(connect(url)).rejects.toThrow(message)
  })
})
