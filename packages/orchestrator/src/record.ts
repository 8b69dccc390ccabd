/** A result as plain JSON: the one form in which command line and service write it. */
import { type AnyKind, type Position, PuzzleParseError } from '@ptrm/puzzles'
import type { Plan } from './rollouts/plan.ts'
import type { SelectorName } from './rollouts/select.ts'
import type { SolveResult, SolveStats } from './solver.ts'

/** A puzzle as readers find it, with what stood beside it. */
export interface NamedPuzzle {
  readonly kind: AnyKind
  readonly puzzle: unknown
  readonly id?: string | undefined
  /** What the reader had to decide. */
  readonly note?: string | undefined
  readonly where?: Position | undefined
}

/** What is left out was not there; what a run without a step has none of is null. */
export interface SolveRecord {
  readonly kind: string
  readonly id?: string | undefined
  readonly note?: string | undefined
  readonly where?: Position | undefined
  readonly status: SolveResult['status']
  /** On one line, as `kind.parseAnswer` reads it. */
  readonly answer: string | null
  readonly q: number | null
  readonly rollout: number | null
  readonly stoppedBy: SolveResult['stoppedBy']
  readonly stats: SolveStats
  /** Its seed in decimal digits: JSON's numbers end at 2^53. */
  readonly plan: Omit<Plan, 'seed'> & { readonly seed: string }
  readonly select: SelectorName
  readonly url: string
  readonly backend: string
}

/** The record of a puzzle and its result. `select` and `backend` are what it was solved with. */
export function recordOf(
  { kind, puzzle, id, note, where }: NamedPuzzle,
  result: SolveResult,
  { select, backend }: { readonly select: SelectorName; readonly backend: string },
): SolveRecord {
  return {
    kind: kind.name,
    id,
    note,
    where,
    status: result.status,
    answer: result.answer === undefined ? null : kind.answerToLine(puzzle, result.answer),
    q: result.q ?? null,
    rollout: result.rollout ?? null,
    stoppedBy: result.stoppedBy,
    stats: result.stats,
    plan: { ...result.plan, seed: result.plan.seed.toString() },
    select,
    url: kind.toUrl(puzzle),
    backend,
  }
}

/** A puzzle that could not be solved for what it says. */
export interface RefusalRecord {
  readonly id?: string | undefined
  readonly where?: Position | undefined
  readonly status: 'bad-input'
  /** The error's class. */
  readonly error: string
  readonly message: string
}

/** The record of what a reader or `solve` refused. `where`: the puzzle's place, where the error knows none closer. */
export function refusalRecordOf(
  error: Error,
  { id, where }: Pick<NamedPuzzle, 'id' | 'where'> = {},
): RefusalRecord {
  const place = error instanceof PuzzleParseError ? error.where : where
  return { id, where: place, status: 'bad-input', error: error.name, message: error.message }
}
