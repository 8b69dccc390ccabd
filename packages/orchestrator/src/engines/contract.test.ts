/** What every engine must hold, run over all of them. */
import {
  type BoardSize,
  denseModel,
  flatBoard,
  loadKernel,
  type NoiseRequest,
  readModel,
  type TokenBoard,
} from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { tiedFixture } from '../../../core-wasm/test/tied.ts'
import { engine as scalar } from '../../test/scalar-engine.ts'
import { loadModelBytes } from '../node.ts'
import { availableEngines } from './available.ts'
import type { StepRequest } from './engine.ts'
import { inOrder, engines as registered } from './registry.ts'

const model = readModel(await loadModelBytes('sudoku'))
const kernel = await loadKernel({ variant: 'simd128' })
const specs = inOrder([...registered, scalar])
const { engines, missing } = await availableEngines(specs)

it('finds every engine that is installed here, and one that is in no list', () => {
  expect(missing).toEqual([])
  const names = engines.map(({ name }) => name)
  const known = ['wasm simd128', 'wasm relaxed', 'scalar', 'onnx cpu', 'onnx cpu, 4 steps a run']
  expect(names).toEqual(expect.arrayContaining(known))
  const installed = specs.filter((spec) => spec.missing() === undefined)
  expect(names).toEqual(installed.flatMap(({ variants }) => variants.map(({ name }) => name)))
})

const board = (digit: number): TokenBoard => {
  return { rows: 9, columns: 9, tokens: new Uint8Array(81).fill(0).with(0, digit) }
}
const { model: anySize } = tiedFixture('board')
const filled = ({ rows, columns }: BoardSize): TokenBoard => {
  const { vocabSize } = anySize.config
  return {
    rows,
    columns,
    tokens: Uint8Array.from({ length: rows * columns }, (_, cell) => (cell * 5 + 1) % vocabSize),
  }
}
/** What three steps come to on the plain TRM of a board's size, by the slow path of the kernel. */
function writtenOutSteps(size: BoardSize, rollout: number) {
  const { config, tensors } = denseModel(anySize, size.rows, size.columns)
  using plain = kernel.load(config, tensors, { path: 'scalar' })
  plain.start(0, filled(size))
  return [0, 1, 2].map((step) => {
    const { tokens, q } = plain.step(0, request(0, rollout, step))
    return { tokens: tokens.slice(), q }
  })
}

const request = (slot: number, rollout: number, step: number, sigma = 0.3): StepRequest => {
  return { slot, rollout, step, sigma, seed: 5n, target: 'zL' }
}

describe.each(engines)('engine $name', ({ make: makeEngine }) => {
  const make = (slots: number) => makeEngine(model, slots)

  it('answers in the order of the requests, for the slots named', async () => {
    const engine = await make(3)
    expect(engine.slots).toBe(3)
    for (const slot of [0, 1, 2]) engine.start(slot, board(slot + 1))
    const outputs = await engine.step([request(2, 7, 0), request(0, 8, 0)])
    expect(outputs.map(({ slot }) => slot)).toEqual([2, 0])
    for (const { tokens, q } of outputs) {
      expect(tokens).toHaveLength(81)
      expect(tokens.every((token) => token >= 1 && token <= 9)).toBe(true)
      expect(Number.isFinite(q)).toBe(true)
    }
    engine.close()
  })

  it('runs a rollout the same in any slot, beside any other, and again after another', async () => {
    const alone = await make(1)
    const crowded = await make(2)
    const runs: unknown[] = []
    for (const [engine, slot] of [
      [alone, 0],
      [crowded, 1],
      [alone, 0],
    ] as const) {
      engine.start(slot, board(4))
      if (engine === crowded) engine.start(0, board(9))
      for (const step of [0, 1, 2]) {
        const beside = engine === crowded ? [request(0, 11, step)] : []
        const outputs = await engine.step([...beside, request(slot, 3, step)])
        if (step === 2) runs.push({ ...outputs.at(-1)!, slot: undefined })
      }
    }
    expect(runs[1]).toEqual(runs[0])
    expect(runs[2]).toEqual(runs[0])
    alone.close()
    crowded.close()
  })

  it('takes noise by seed, rollout, step and sigma', async () => {
    const engine = await make(1)
    const qAfter = async (change: Partial<StepRequest>) => {
      engine.start(0, board(4))
      const [output] = await engine.step([{ ...request(0, 3, 0), ...change }])
      return output!.q
    }
    const qs = [
      {},
      { seed: 6n },
      { rollout: 4 },
      { step: 1 },
      { sigma: 0.4 },
      { sigma: 0 },
      { target: 'zH' as const },
    ]
    const found = await qs.reduce<Promise<number[]>>(
      async (sum, q) => [...(await sum), await qAfter(q)],
      Promise.resolve([]),
    )
    expect(new Set(found).size).toBe(qs.length)
    engine.close()
  })

  it('hands out tokens that later steps do not change', async () => {
    const engine = await make(1)
    engine.start(0, board(4))
    const [first] = await engine.step([request(0, 1, 0)])
    const copy = first!.tokens.slice()
    for (let step = 1; step < 6; step++) await engine.step([request(0, 1, step)])
    expect(first!.tokens).toEqual(copy)
    engine.close()
  })

  it('gives the same steps whether or not it was told what comes', async () => {
    const [told, untold] = [await make(2), await make(2)]
    const steps = 7
    const ahead = (rollout: number, step: number): NoiseRequest[] => {
      const known = Math.min(told.lookahead ?? 0, steps - 1 - step)
      return Array.from({ length: known }, (_, i) => request(0, rollout, step + 1 + i))
    }
    for (const engine of [told, untold]) for (const slot of [0, 1]) engine.start(slot, board(slot + 1))
    for (let step = 0; step < steps; step++) {
      const both = [request(0, 3, step), request(1, 4, step)]
      const withAhead = both.map((one) => ({ ...one, ahead: ahead(one.rollout, step) }))
      const [known, alone] = [await told.step(withAhead), await untold.step(both)]
      for (const [i, { tokens, q }] of known.entries()) {
        expect(tokens).toEqual(alone[i]!.tokens)
        expect(q).toBeCloseTo(alone[i]!.q, 3)
      }
    }
    told.close()
    untold.close()
  })

  it('holds boards of different sizes side by side, and a larger one after a smaller', async () => {
    const engine = await makeEngine(anySize, 3)
    const sizes: readonly BoardSize[] = [
      { rows: 2, columns: 3 },
      { rows: 5, columns: 4 },
      { rows: 1, columns: 7 },
    ]
    const run = async (started: readonly (readonly [slot: number, size: BoardSize])[]) => {
      for (const [slot, size] of started) engine.start(slot, filled(size))
      for (const step of [0, 1, 2]) {
        const outputs = await engine.step(started.map(([slot]) => request(slot, slot, step)))
        for (const [i, { tokens, q }] of outputs.entries()) {
          const [slot, size] = started[i]!
          const wanted = writtenOutSteps(size, slot)[step]!
          expect(tokens).toEqual(wanted.tokens)
          expect(q).toBeCloseTo(wanted.q, 3)
        }
      }
    }
    await run(sizes.map((size, slot) => [slot, size]))
    await run([
      [1, { rows: 1, columns: 1 }],
      [0, { rows: 9, columns: 8 }],
    ])
    // As many sizes as no engine keeps at hand.
    for (const columns of [2, 3, 4, 5, 6, 2]) await run([[2, { rows: 3, columns }]])
    engine.close()
  })

  it('runs a mix that the puzzle decides: boards of one size with different rooms, side by side', async () => {
    const { model: withRooms } = tiedFixture('rooms')
    const tokensOf = (rooms: number) => {
      const { vocabSize } = withRooms.config
      return Uint8Array.from({ length: 12 }, (_, cell) => 3 + ((cell * (2 * rooms + 1)) % (vocabSize - 3)))
    }
    const boards = [0, 1, 2].map((i): TokenBoard => ({ rows: 3, columns: 4, tokens: tokensOf(i) }))
    const engine = await makeEngine(withRooms, boards.length)
    using alone = kernel.load(withRooms.config, withRooms.tensors, { path: 'scalar', slots: boards.length })
    for (const [slot, each] of boards.entries()) {
      engine.start(slot, each)
      alone.start(slot, each)
    }
    for (const step of [0, 1, 2]) {
      const outputs = await engine.step(boards.map((_, slot) => request(slot, slot, step)))
      for (const { slot, tokens, q } of outputs) {
        const wanted = alone.step(slot, request(slot, slot, step))
        expect(tokens).toEqual(wanted.tokens)
        expect(q).toBeCloseTo(wanted.q, 3)
      }
    }
    engine.close()
  })

  it('refuses a board of another length', async () => {
    const engine = await make(1)
    const short = expect(() => engine.start(0, flatBoard(new Uint8Array(80))))
    short.toThrow(RangeError)
    short.toThrow(/80 tokens|1x80/)
    const torn = { ...board(1), columns: 8 }
    expect(() => engine.start(0, torn)).toThrow('found 81 tokens, a board of 9x8 has 72')
    engine.close()
  })
})
