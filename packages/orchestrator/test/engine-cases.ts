/**
 * What every engine must hold, as plain functions that throw: contract.test.ts runs them over all engines, and
 * engine-contract.ts on a machine that has no vitest.
 */
import assert from 'node:assert/strict'
import {
  type BoardSize,
  denseModel,
  flatBoard,
  loadKernel,
  type Model,
  type NoiseRequest,
  readModel,
  type TokenBoard,
} from '@ptrm/core-wasm'
import { tiedFixture } from '../../core-wasm/test/tied.ts'
import type { Engine, StepOutput, StepRequest } from '../src/engines/engine.ts'
import type { EngineSpec } from '../src/engines/spec.ts'
import { loadModelBytes } from '../src/node.ts'

type MakeEngine = (model: Model, slots: number) => Promise<Engine>

/** What an engine's spec says that its cases must know. */
type Promises = Pick<EngineSpec, 'lastBitsByBatch'>

/** One thing that an engine must hold; `holds` rejects where it does not. */
export interface EngineCase {
  readonly name: string
  holds(make: MakeEngine, promises: Promises): Promise<void>
}

/** Of q, to the kernel's slow path: what sums in another order come to. */
const Q_TOLERANCE = 5e-4

const model = readModel(await loadModelBytes('sudoku'))
const kernel = await loadKernel({ variant: 'simd128' })
const { model: anySize } = tiedFixture('board')
const { model: withRooms } = tiedFixture('rooms')

const board = (digit: number): TokenBoard => {
  return { rows: 9, columns: 9, tokens: new Uint8Array(81).fill(0).with(0, digit) }
}

const filled = ({ rows, columns }: BoardSize): TokenBoard => {
  const { vocabSize } = anySize.config
  return {
    rows,
    columns,
    tokens: Uint8Array.from({ length: rows * columns }, (_, cell) => (cell * 5 + 1) % vocabSize),
  }
}

const request = (slot: number, rollout: number, step: number, sigma = 0.3): StepRequest => {
  return { slot, rollout, step, sigma, seed: 5n, target: 'zL' }
}

function assertNear(q: number, wanted: number, where: string): void {
  assert.ok(Math.abs(q - wanted) < Q_TOLERANCE, `q is ${q}, wanted ${wanted}: ${where}`)
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

async function answersInOrder(make: MakeEngine): Promise<void> {
  const engine = await make(model, 3)
  assert.equal(engine.slots, 3)
  for (const slot of [0, 1, 2]) engine.start(slot, board(slot + 1))
  const outputs = await engine.step([request(2, 7, 0), request(0, 8, 0)])
  assert.deepEqual(
    outputs.map(({ slot }) => slot),
    [2, 0],
  )
  for (const { tokens, q } of outputs) {
    assert.equal(tokens.length, 81)
    assert.ok(tokens.every((token) => token >= 1 && token <= 9))
    assert.ok(Number.isFinite(q))
  }
  engine.close()
}

async function sameInAnySlot(make: MakeEngine, { lastBitsByBatch }: Promises): Promise<void> {
  const alone = await make(model, 1)
  const crowded = await make(model, 2)
  const run = async (engine: Engine, slot: number) => {
    const outputs: Omit<StepOutput, 'slot'>[] = []
    engine.start(slot, board(4))
    if (engine === crowded) engine.start(0, board(9))
    for (const step of [0, 1, 2]) {
      const beside = engine === crowded ? [request(0, 11, step)] : []
      const { tokens, q } = (await engine.step([...beside, request(slot, 3, step)])).at(-1)!
      outputs.push({ tokens, q })
    }
    return outputs
  }
  const first = await run(alone, 0)
  const beside = await run(crowded, 1)
  assert.deepEqual(await run(alone, 0), first, 'after another rollout')
  assert.deepEqual(await run(crowded, 1), beside, 'again beside the same one')
  if (lastBitsByBatch) {
    // One step alone: the board has no answer, and what the network says of it later hangs on every bit.
    assert.deepEqual(beside[0]!.tokens, first[0]!.tokens, 'beside another rollout')
    assertNear(beside[0]!.q, first[0]!.q, 'beside another rollout')
  } else assert.deepEqual(beside, first, 'beside another rollout')
  alone.close()
  crowded.close()
}

async function takesNoise(make: MakeEngine): Promise<void> {
  const engine = await make(model, 1)
  const changes: readonly Partial<StepRequest>[] = [
    {},
    { seed: 6n },
    { rollout: 4 },
    { step: 1 },
    { sigma: 0.4 },
    { sigma: 0 },
    { target: 'zH' },
  ]
  const found = new Set<number>()
  for (const change of changes) {
    engine.start(0, board(4))
    const [output] = await engine.step([{ ...request(0, 3, 0), ...change }])
    found.add(output!.q)
  }
  assert.equal(found.size, changes.length)
  engine.close()
}

async function handsOutCopies(make: MakeEngine): Promise<void> {
  const engine = await make(model, 1)
  engine.start(0, board(4))
  const [first] = await engine.step([request(0, 1, 0)])
  const copy = first!.tokens.slice()
  for (let step = 1; step < 6; step++) await engine.step([request(0, 1, step)])
  assert.deepEqual(first!.tokens, copy)
  engine.close()
}

async function sameWhenToldAhead(make: MakeEngine): Promise<void> {
  const [told, untold] = [await make(model, 2), await make(model, 2)]
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
      assert.deepEqual(tokens, alone[i]!.tokens, `step ${step}`)
      assertNear(q, alone[i]!.q, `step ${step}`)
    }
  }
  told.close()
  untold.close()
}

async function holdsAnySizes(make: MakeEngine): Promise<void> {
  const engine = await make(anySize, 3)
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
        const where = `${size.rows}x${size.columns}, step ${step}`
        assert.deepEqual(tokens, wanted.tokens, where)
        assertNear(q, wanted.q, where)
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
}

async function runsMixesOfThePuzzle(make: MakeEngine): Promise<void> {
  const tokensOf = (rooms: number) => {
    const { vocabSize } = withRooms.config
    return Uint8Array.from({ length: 12 }, (_, cell) => 3 + ((cell * (2 * rooms + 1)) % (vocabSize - 3)))
  }
  const boards = [0, 1, 2].map((i): TokenBoard => ({ rows: 3, columns: 4, tokens: tokensOf(i) }))
  const engine = await make(withRooms, boards.length)
  using alone = kernel.load(withRooms.config, withRooms.tensors, { path: 'scalar', slots: boards.length })
  for (const [slot, each] of boards.entries()) {
    engine.start(slot, each)
    alone.start(slot, each)
  }
  for (const step of [0, 1, 2]) {
    const outputs = await engine.step(boards.map((_, slot) => request(slot, slot, step)))
    for (const { slot, tokens, q } of outputs) {
      const wanted = alone.step(slot, request(slot, slot, step))
      assert.deepEqual(tokens, wanted.tokens, `board ${slot}, step ${step}`)
      assertNear(q, wanted.q, `board ${slot}, step ${step}`)
    }
  }
  engine.close()
}

async function refusesOtherLengths(make: MakeEngine): Promise<void> {
  const engine = await make(model, 1)
  const refusal = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof RangeError)
    assert.match(error.message, message)
    return true
  }
  assert.throws(() => engine.start(0, flatBoard(new Uint8Array(80))), refusal(/80 tokens|1x80/))
  const torn = { ...board(1), columns: 8 }
  assert.throws(() => engine.start(0, torn), refusal(/^.*found 81 tokens, a board of 9x8 has 72/))
  engine.close()
}

/** In the order in which an engine's maker would like to see them fail. */
export const engineCases: readonly EngineCase[] = [
  { name: 'answers in the order of the requests, for the slots named', holds: answersInOrder },
  {
    name: 'runs a rollout the same in any slot, beside any other, and again after another',
    holds: sameInAnySlot,
  },
  { name: 'takes noise by seed, rollout, step and sigma', holds: takesNoise },
  { name: 'hands out tokens that later steps do not change', holds: handsOutCopies },
  { name: 'gives the same steps whether or not it was told what comes', holds: sameWhenToldAhead },
  {
    name: 'holds boards of different sizes side by side, and a larger one after a smaller',
    holds: holdsAnySizes,
  },
  {
    name: 'runs a mix that the puzzle decides: boards of one size with different rooms, side by side',
    holds: runsMixesOfThePuzzle,
  },
  { name: 'refuses a board of another length', holds: refusesOtherLengths },
]
