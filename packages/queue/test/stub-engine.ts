/** An engine without a network: says at once, or after a while, what depends on the puzzle alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { makePlan, type SolveOptions, type SolveResult } from '@ptrm/orchestrator'
import type { Engine, Engines } from '../src/engines.ts'

export interface StubOptions {
  /** Milliseconds a puzzle. */
  readonly ms?: number
  readonly slots?: number
  /** Throws for puzzles that it can't do. */
  readonly check?: (puzzle: unknown) => void
}

/** How often each puzzle was solved, by its JSON. */
export type Solved = Map<string, number>

export function stubEngines(
  { ms = 0, slots = 4, check }: StubOptions = {},
  solved: Solved = new Map(),
): Engines {
  const solve = async (puzzle: unknown, options: SolveOptions): Promise<SolveResult> => {
    if (ms > 0) await sleep(ms, undefined, { signal: options.signal ?? undefined })
    check?.(puzzle)
    const key = JSON.stringify(puzzle)
    solved.set(key, (solved.get(key) ?? 0) + 1)
    const sum = [...key].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 1000, 7)
    return {
      puzzle: puzzle as never,
      status: sum % 2 === 0 ? 'verified' : 'unsolved',
      answer: undefined,
      q: sum / 7,
      rollout: sum % 5,
      candidates: [],
      stoppedBy: 'rule',
      plan: makePlan({ rollouts: 8, steps: 16 }),
      stats: { rollouts: 1, steps: 16, netCalls: 64, ms: 0 },
    }
  }
  const judge = () => {
    throw new Error('it runs no ranges')
  }
  const close = async () => {}
  const engine: Engine = { model: { recommended: {} }, backend: 'stub', slots, solve, judge, close }
  return { open: async () => engine, close }
}
