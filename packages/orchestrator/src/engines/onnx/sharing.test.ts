/** Rollouts of several puzzles share a session's runs, boards of each size in runs of their own; noise in the graph or not. */
import { compileKernel, instantiateKernel, type TokenBoard } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { InferenceSession, type Tensor } from 'onnxruntime-node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tiedFixture } from '../../../../core-wasm/test/tied.ts'
import { BoardTooLargeError } from '../../errors.ts'
import { openModel } from '../../model.ts'
import { loadModelBytes } from '../../node.ts'
import type { FromWorker } from '../../pool/protocol.ts'
import { workerBody } from '../../pool/worker.ts'
import type { Candidate } from '../../rollouts/candidate.ts'
import { makePlan } from '../../rollouts/plan.ts'
import type { StepRequest } from '../engine.ts'
import { filledBatch, OnnxEngine } from './engine.ts'
import type { OnnxEngineOptions } from './options.ts'
import { MOST_SIZES } from './sized.ts'

const source = await compileKernel({ variant: 'simd128' })
const kernel = await instantiateKernel(source)
const modelBytes = await loadModelBytes('sudoku')
const [EASY, EMPTY] = [
  '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
  '.'.repeat(81),
]

/** Boards of each run, [batch, cells], as they come. */
let ran: (readonly number[])[]
beforeEach(() => {
  ran = []
  const open = InferenceSession.create as (graph: Uint8Array, options: object) => Promise<InferenceSession>
  vi.spyOn(InferenceSession, 'create').mockImplementation(async (graph, options) => {
    const session = await open(graph as unknown as Uint8Array, options!)
    const run = session.run.bind(session)
    vi.spyOn(session, 'run').mockImplementation((feeds, fetches) => {
      ran.push((feeds as Record<string, Tensor>)['tokens']!.dims)
      return run(feeds, fetches as string[])
    })
    return session
  })
})
afterEach(() => void vi.restoreAllMocks())

/** Candidates by run, of two rollouts of each puzzle; all are told to the worker at once. */
async function solveAtOnce(texts: readonly string[], steps: number, options: OnnxEngineOptions) {
  const candidates = new Map<number, Candidate[]>()
  await new Promise<void>((resolve, reject) => {
    let open = texts.length
    const hear = workerBody({
      makeEngine: async (given, bytes) =>
        OnnxEngine.create(await instantiateKernel(given), openModel(bytes), options),
      pause: () => new Promise(setImmediate),
      post: (message: FromWorker) => {
        if (message.type === 'loaded') texts.forEach(start)
        else if (message.type === 'found')
          candidates.set(message.run, [...(candidates.get(message.run) ?? []), message.found.candidate])
        else if (message.type === 'done' && --open === 0) resolve()
        else if (message.type === 'failed' || message.type === 'not-loaded') reject(message.thrown)
      },
    })
    const start = (text: string, run: number) => {
      const puzzle = sudoku.parse(text)
      const plan = makePlan({ rollouts: 2, steps, stop: 'all', seed: 3, includeDeterministic: false })
      const job = { board: sudoku.encode(puzzle), plan, rollouts: [0, 1], kind: 'sudoku', puzzle }
      hear({ type: 'run', run, model: 0, job, steps: false })
    }
    hear({ type: 'load', model: 0, kernel: source, modelBytes })
  })
  return candidates
}

describe.each(['graph', 'host'] as const)('with noise of the %s', (noise) => {
  it('rollouts that begin wait for those that are ahead, and then run with them', async () => {
    const options = { slots: 4, stepsPerRun: 3, noise }
    const together = await solveAtOnce([EASY, EMPTY], 6, options)
    // The worker hears of the second puzzle while it runs the first.
    expect(ran.map(([batch]) => batch)).toEqual([2, 4, 2])
    for (const [run, text] of [EASY, EMPTY].entries()) {
      const alone = await solveAtOnce([text], 6, options)
      expect(together.get(run)).toEqual(alone.get(0))
    }
  })

  it('boards of one size run together', async () => {
    const { model } = tiedFixture('board')
    const engine = await OnnxEngine.create(kernel, model, { slots: 5, noise })
    const sizes = [
      [2, 3],
      [5, 4],
      [2, 3],
      [3, 2],
      [5, 4],
    ] as const
    for (const [slot, [rows, columns]] of sizes.entries()) {
      const board: TokenBoard = { rows, columns, tokens: new Uint8Array(rows * columns) }
      engine.start(slot, board)
    }
    const requests = sizes.map((_, slot): StepRequest => {
      return { slot, rollout: slot, step: 0, sigma: 0.3, seed: 5n, target: 'zL' }
    })
    expect((await engine.step(requests)).map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4])
    expect(ran).toEqual([
      [2, 6],
      [2, 20],
      [1, 6],
    ])
    engine.close()
  })
})

describe('boards of many sizes', () => {
  const options = { slots: 6, noise: 'host' } as const
  const at = (slot: number, step: number): StepRequest => {
    return { slot, rollout: slot, step, sigma: 0.3, seed: 5n, target: 'zL' }
  }
  const board = (rows: number): TokenBoard => ({ rows, columns: 3, tokens: new Uint8Array(rows * 3) })

  it('keep a session each while they are in use, and few when they are not', async () => {
    const { model } = tiedFixture('board')
    const engine = await OnnxEngine.create(kernel, model, options)
    const opened = vi.mocked(InferenceSession.create).mock
    const before = opened.calls.length
    for (let slot = 0; slot < 6; slot++) engine.start(slot, board(slot + 1))
    for (let step = 0; step < 4; step++) await engine.step([0, 1, 2, 3, 4, 5].map((slot) => at(slot, step)))
    expect(opened.calls.length - before).toBe(6)
    const sessions = await Promise.all(
      opened.results.slice(before).map(({ value }) => value as Promise<InferenceSession>),
    )
    const released = sessions.map((session) => vi.spyOn(session, 'release'))
    await engine.step([at(5, 4)])
    const count = () => released.filter(({ mock }) => mock.calls.length > 0).length
    await vi.waitFor(() => expect(sessions.length - count()).toBe(MOST_SIZES))
    expect(released.at(-1)).not.toHaveBeenCalled()
    engine.close()
    await vi.waitFor(() => expect(count()).toBe(sessions.length))
  })

  it('fail alone where a session can’t be opened, and are tried again later', async () => {
    const { model } = tiedFixture('board')
    const engine = await OnnxEngine.create(kernel, model, options)
    for (let slot = 0; slot < 3; slot++) engine.start(slot, board(slot + 1))
    const open = vi.mocked(InferenceSession.create)
    open.mockRejectedValueOnce(new Error('out of memory'))
    await expect(engine.step([0, 1, 2].map((slot) => at(slot, 0)))).rejects.toThrow('out of memory')
    expect(await engine.step([at(1, 0), at(2, 0)])).toMatchObject([{ slot: 1 }, { slot: 2 }])
    const tries = open.mock.calls.length
    await expect(engine.step([at(0, 0)])).rejects.toThrow('out of memory')
    expect(open.mock.calls.length).toBe(tries)
    await vi.waitFor(async () => expect(await engine.step([at(0, 0)])).toMatchObject([{ slot: 0 }]), 5000)
    engine.close()
  })

  it('are refused as too large where their weights can’t be written out', async () => {
    const engine = await OnnxEngine.create(kernel, openModel(await loadModelBytes('tapa')), options)
    const large = { rows: 50, columns: 50, tokens: new Uint8Array(2500) }
    expect(() => engine.start(0, large)).toThrow(BoardTooLargeError)
    expect(() => engine.start(0, large)).toThrow(
      'a tapa board of 50 rows x 50 columns: this model takes boards that are small enough',
    )
    engine.close()
  })
})

it('a rollout that was said to end is not gone on with', async () => {
  const { model } = tiedFixture('board')
  const engine = await OnnxEngine.create(kernel, model, { stepsPerRun: 2, noise: 'graph' })
  engine.start(0, { rows: 2, columns: 3, tokens: new Uint8Array(6) })
  const at = (step: number) => ({ rollout: 1, step, sigma: 0.3, seed: 5n, target: 'zL' }) as const
  await engine.step([{ slot: 0, ...at(0), ahead: [at(1)] }])
  expect(engine.computed(0)).toBe(1)
  await engine.step([{ slot: 0, ...at(1), ahead: [] }])
  await expect(engine.step([{ slot: 0, ...at(2) }])).rejects.toThrow('was said to end before step 2')
  engine.close()
})

it('batches on CUDA are of few sizes: powers of two, then eighths of the slots', () => {
  const sizes = (slots: number) => new Set(Array.from({ length: slots }, (_, i) => filledBatch(i + 1, slots)))
  expect([...sizes(256)]).toEqual([32, 64, 96, 128, 160, 192, 224, 256])
  expect([...sizes(1024)]).toEqual([32, 64, 128, 256, 384, 512, 640, 768, 896, 1024])
  expect([...sizes(5)]).toEqual([32])
  for (const slots of [1, 7, 100, 4096])
    for (let count = 1; count <= slots; count++)
      expect(filledBatch(count, slots)).toBeGreaterThanOrEqual(count)
})
