/** Plans, the rollout loop on a scripted engine and selection. */
import { flatBoard } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { quickEngine } from '../../test/quick-engine.ts'
import type { Engine, StepRequest } from '../engines/engine.ts'
import type { Candidate } from './candidate.ts'
import { makePlan, sigmaAt } from './plan.ts'
import { runRollouts } from './run.ts'
import { type SelectorName, selectors } from './select.ts'

describe('makePlan', () => {
  it("takes the caller's values before the model's before the defaults", () => {
    const plan = makePlan(
      { steps: 4, sigma: undefined, seed: 5 },
      { steps: 8, sigma: 0.7, noiseTarget: 'both' },
    )
    expect(plan).toMatchObject({ steps: 4, sigma: 0.7, noiseTarget: 'both', seed: 5n, rollouts: 64 })
  })

  it.each([
    ['rollouts', { rollouts: 0 }],
    ['steps', { steps: 1.5 }],
    ['sigma', { sigma: -1 }],
    ['sigma', { sigma: [] }],
    ['sigma', { sigma: [Number.NaN] }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 1n << 64n }],
    ['noiseTarget', { noiseTarget: 'x' as 'zL' }],
    ['stop', { stop: 'never' as 'all' }],
  ])('names a bad %s', (field, options) => {
    expect(() => makePlan(options)).toThrow(expect.objectContaining({ name: 'PlanError', field }))
  })

  it('schedules sigma over steps and spares rollout 0', () => {
    const plan = makePlan({ sigma: [0.5, 0.2] })
    expect([0, 1, 9].map((step) => sigmaAt(plan, 1, step))).toEqual([0.5, 0.2, 0.2])
    expect(sigmaAt(plan, 0, 0)).toBe(0)
    expect(sigmaAt(makePlan({ ...plan, includeDeterministic: false }), 0, 0)).toBe(0.5)
  })
})

/** An engine whose tokens are [rollout, step] and whose q is theirs by formula; it counts its starts. */
function scripted(slots: number): Engine & { starts: number } {
  return {
    slots,
    starts: 0,
    start() {
      this.starts += 1
    },
    step: (requests: readonly StepRequest[]) =>
      requests.map(({ slot, rollout, step }) => ({
        slot,
        tokens: Uint8Array.of(rollout, step),
        q: rollout - step,
      })),
    close() {},
  }
}

it('cuts what an engine says of its board to the rows and columns of the puzzle', async () => {
  const asked: number[][] = []
  const { candidates } = await runRollouts(
    quickEngine(),
    {
      board: { rows: 3, columns: 4, tokens: Uint8Array.from({ length: 12 }, (_, cell) => cell) },
      size: { rows: 2, columns: 3 },
      plan: makePlan({ rollouts: 1, steps: 1, stop: 'all' }),
      rollouts: [0],
    },
    {
      canonical: (tokens) => tokens.map((token) => token + 1),
      verify: (tokens) => asked.push([...tokens]) > 0,
      emit: ({ tokens }) => asked.push([...tokens]),
    },
  )
  const wanted = [1, 2, 3, 5, 6, 7]
  expect(asked).toEqual([wanted, wanted])
  expect(candidates[0]!.tokens).toEqual(Uint8Array.from(wanted))
})

const run = (slots: number, options: Parameters<typeof makePlan>[0], hooks = {}) => {
  const plan = makePlan(options)
  const rollouts = Array.from({ length: plan.rollouts }, (_, k) => k)
  return runRollouts(scripted(slots), { board: flatBoard(new Uint8Array(2)), plan, rollouts }, hooks)
}

describe('runRollouts', () => {
  it.each([1, 2, 5])('gives the same candidates on %d slots', async (slots) => {
    const { candidates, stopped } = await run(slots, { rollouts: 7, steps: 3, stop: 'all' })
    expect(stopped).toBe(false)
    expect(candidates).toEqual((await run(7, { rollouts: 7, steps: 3, stop: 'all' })).candidates)
    expect(
      candidates.map(({ rollout, steps, complete, tokens }) => [rollout, steps, complete, ...tokens]),
    ).toEqual([0, 1, 2, 3, 4, 5, 6].map((k) => [k, 3, true, k, 2]))
  })

  it('stops at the very step that verifies, and remembers it', async () => {
    const verify = (tokens: Uint8Array) => tokens[0] === 1 && tokens[1] === 1
    const { candidates, stopped } = await run(
      2,
      { rollouts: 4, steps: 5, stop: 'first-verified' },
      { verify },
    )
    expect(stopped).toBe(true)
    expect(candidates.map(({ rollout, steps, complete }) => [rollout, steps, complete])).toEqual([
      [0, 2, false],
      [1, 2, false],
    ])
    expect(candidates[1]!.firstVerified).toEqual({ step: 2, tokens: Uint8Array.of(1, 1), q: 0 })
  })

  it('keeps the first verified answer when the rollout leaves it again', async () => {
    const verify = (tokens: Uint8Array) => tokens[1] === 1
    const { candidates } = await run(1, { rollouts: 1, steps: 4, stop: 'all' }, { verify })
    expect(candidates[0]).toMatchObject({ complete: true, steps: 4, firstVerified: { step: 2 } })
  })

  it('stops when q is above the threshold', async () => {
    const { candidates, stopped } = await run(1, { rollouts: 9, steps: 2, stop: { qAbove: 3 } })
    expect(stopped).toBe(true)
    expect(candidates.at(-1)).toMatchObject({ rollout: 3, steps: 1, q: 3, complete: true })
    // The rollout that ended the run is the one chosen, though those before it ran longer.
    expect(selectors['best-q'](candidates)?.candidate.rollout).toBe(3)
  })

  it('ends within one step when cancelled', async () => {
    let steps = 0
    const { candidates } = await run(
      1,
      { rollouts: 3, steps: 9, stop: 'all' },
      { below: () => (steps === 2 ? 0 : Number.POSITIVE_INFINITY), emit: () => steps++ },
    )
    expect(candidates).toMatchObject([{ rollout: 0, steps: 2, complete: false }])
  })
})

const candidate = (rollout: number, answer: number, q: number, more: Partial<Candidate> = {}): Candidate => {
  return { rollout, steps: 4, complete: true, tokens: Uint8Array.of(answer), q, ...more }
}

describe('selectors', () => {
  const candidates = [
    candidate(0, 1, 2),
    candidate(1, 2, -1),
    candidate(2, 2, -1.5),
    candidate(3, 3, 1.9),
    candidate(4, 3, 1.8),
  ]
  const pick = (name: SelectorName, from = candidates) => selectors[name](from)

  it.each([
    ['best-q', 1, 0],
    ['mode', 3, 3],
    ['q-weighted', 3, 3],
    ['verified', 1, 0],
  ] as const)('%s chooses answer %d of rollout %d', (name, answer, rollout) => {
    expect(pick(name)).toMatchObject({ tokens: Uint8Array.of(answer), candidate: { rollout } })
  })

  it('verified prefers an answer that the rules accepted, whatever its q; best-q does not look', () => {
    const firstVerified = { step: 2, tokens: Uint8Array.of(9), q: -5 }
    const mixed = [...candidates, candidate(5, 8, -7, { firstVerified })]
    expect(pick('verified', mixed)).toMatchObject({
      tokens: Uint8Array.of(9),
      q: -5,
      candidate: { rollout: 5 },
    })
    expect(pick('best-q', mixed)).toEqual(pick('best-q'))
  })

  it.each(['best-q', 'q-weighted', 'verified'] as const)(
    '%s takes a q that is no number for the least, wherever it stands',
    (name) => {
      const { NaN: none, NEGATIVE_INFINITY: least } = Number
      const firstVerified = { step: 1, tokens: Uint8Array.of(9), q: none }
      const two = [candidate(0, 1, none, { firstVerified }), candidate(1, 2, -8)]
      if (name === 'verified')
        two[1] = { ...two[1]!, firstVerified: { step: 1, tokens: Uint8Array.of(2), q: -8 } }
      for (const order of [two, [...two].reverse()])
        expect(pick(name, order)).toMatchObject({ q: -8, candidate: { rollout: 1 } })
      // Of two of one answer, too, it adds nothing.
      expect(pick(name, [candidate(0, 1, none), candidate(1, 1, least), candidate(2, 2, -9)])?.q).toBe(-9)
      expect(pick(name, [candidate(0, 1, none), candidate(1, 2, none)])?.candidate.rollout).toBe(0)
    },
  )

  it('counts the votes of all, however sure; of equally many those of the surest', () => {
    const votes = [candidate(0, 1, Number.NaN), candidate(1, 2, -8), candidate(2, 1, Number.NaN)]
    expect(pick('mode', votes)?.candidate.rollout).toBe(0)
    expect(pick('mode', votes.slice(0, 2))?.candidate.rollout).toBe(1)
  })

  it('leaves unfinished rollouts out while there are finished ones', () => {
    const mixed = [candidate(0, 1, 9, { complete: false }), candidate(1, 2, -3)]
    expect(pick('best-q', mixed)?.candidate.rollout).toBe(1)
    expect(pick('best-q', mixed.slice(0, 1))?.candidate.rollout).toBe(0)
    expect(pick('mode', [])).toBeUndefined()
  })
})

describe.each(Object.entries(selectors))('selector %s', (_, select) => {
  const candidates = [0, 1, 2, 3].map((k) => candidate(k, k % 2, k === 1 ? 3 : -k))

  it('chooses one of the candidates and an answer of its, whatever their order', () => {
    const choice = select(candidates)!
    expect(candidates).toContain(choice.candidate)
    expect(choice.tokens).toEqual(choice.candidate.tokens)
    expect(select([...candidates].reverse())).toEqual(choice)
  })

  it('chooses the only one, and nothing among none', () => {
    expect(select(candidates.slice(2, 3))?.candidate).toBe(candidates[2])
    expect(select([])).toBeUndefined()
  })
})
