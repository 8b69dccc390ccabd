/** A puzzle's record has numbers, or there is none. */
import { makePlan, type Plan, type SolveEvent, type Solver } from '@ptrm/orchestrator'
import { kindNamed } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { EvaluationError } from '../errors.ts'
import { evaluatePuzzle } from './record.ts'

const kind = kindNamed('sudoku')
const puzzle = kind.parse('52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.')
const found = { kind, puzzle, id: 'one', where: { source: 'f', line: 1, column: 1 } }

/** A solver whose rollouts say these halt logits, without noise 1. */
function solverOf(q: readonly number[]): Solver {
  const solve = async (
    _: unknown,
    { rollouts, steps, sigma, onEvent }: Plan & { onEvent: (event: SolveEvent) => void },
  ) => {
    const { tokens } = kind.encode(puzzle)
    for (let rollout = 0; rollout < rollouts; rollout++)
      for (let step = 1; step <= steps; step++)
        onEvent({ type: 'step', rollout, step, q: sigma === 0 ? 1 : q[step - 1]!, tokens, verified: false })
    return { stats: { ms: 1 } }
  }
  return { solve } as unknown as Solver
}

describe('a record', () => {
  const plan = makePlan({ rollouts: 2, steps: 3, sigma: 0.5 })

  it.each([Number.NaN, Infinity, -Infinity])(
    'is refused where a halt logit is %s, with its place',
    async (q) => {
      const record = evaluatePuzzle(solverOf([1, q, 1]), found, 0, { plan })
      await expect(record).rejects.toThrow(EvaluationError)
      await expect(record).rejects.toThrow(
        `puzzle one, with sigma 0.5: the model's halt logit is ${q} in rollout 0, step 2: its numbers overflow`,
      )
    },
  )

  it('has each of them else', async () => {
    const record = await evaluatePuzzle(solverOf([1, 2, 3]), found, 0, { plan })
    expect(record.rollouts.map((rollout) => rollout.q)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
  })
})
