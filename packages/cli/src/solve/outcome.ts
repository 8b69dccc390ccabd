/** What comes of a puzzle in `ptrm solve`, and how it is written: as JSON, as an answer alone, or as a picture. */
import {
  BoardTooLargeError,
  recordOf,
  refusalRecordOf,
  type SelectorName,
  type SolveResult,
} from '@ptrm/orchestrator'
import {
  ClueWithoutTokenError,
  ContradictionError,
  PuzzleParseError,
  shown,
  UnknownKindError,
  type Violation,
} from '@ptrm/puzzles'
import { type Found, remarkOn } from '@ptrm/puzzles/node'
import { titleOf } from '../puzzles.ts'
import type { Drawn } from '../run/output.ts'

export interface Solved {
  readonly found: Found
  /** Its place among the input's entries, from 1. */
  readonly number: number
  readonly result: SolveResult
  /** What its rollouts ran on. */
  readonly backend: string
}

/** An entry that can't be read, or that reads well but that no rollout is run for. */
export interface Refused {
  readonly error: Refusal
  /** Where the error does not say it. */
  readonly found?: Found | undefined
}

export type Outcome = Solved | Refused

export type Refusal = PuzzleParseError | ContradictionError | BoardTooLargeError | ClueWithoutTokenError

export interface FormOptions {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly color: boolean
}

export function isRefusal(error: unknown): error is Refusal {
  // An unknown kind is the model's here, and no puzzle of the input is to blame: readers refuse those of texts.
  if (error instanceof UnknownKindError) return false
  const refusals = [PuzzleParseError, ContradictionError, BoardTooLargeError, ClueWithoutTokenError]
  return refusals.some((type) => error instanceof type)
}

/** What stdout gets, for people; nothing for a refused entry. */
export function partsOf(outcome: Outcome, { quiet, color }: FormOptions): (string | Drawn)[] {
  if ('error' in outcome) return []
  return quiet ? [answerLine(outcome)] : picture(outcome, color)
}

export function svgOf(solved: Solved): string {
  const { found, result } = solved
  return found.kind.toSvg(found.puzzle, result.answer, { violations: violationsOf(solved) })
}

/** What stderr gets of an entry besides its outcome: why it was refused, or what the reader had to decide. */
export function remarksOf(outcome: Outcome, { json, quiet }: FormOptions): string {
  if ('error' in outcome) return reasonOf(outcome)
  const { found, result } = outcome
  const remark = remarkOn(found)
  // An answer alone does not say that it is a wrong one.
  const isUntold = quiet && !json && result.status !== 'verified'
  const unsolved = `${shown(found.where.source ?? 'input')}:${found.where.line}: NOT solved\n`
  return `${remark === undefined ? '' : `${remark}\n`}${isUntold ? unsolved : ''}`
}

/** What stderr gets of a refused entry. */
function reasonOf({ error, found }: Refused): string {
  if (!found) return `${error.message}\n`
  const { source = 'input', line, column } = found.where
  return `${shown(source)}:${line}:${column}: ${error.message}\n`
}

function answerLine({ found: { kind, puzzle }, result: { answer } }: Solved): string {
  return `${answer === undefined ? '-' : kind.answerToLine(puzzle, answer)}\n`
}

function picture(solved: Solved, color: boolean): (string | Drawn)[] {
  const { found, result } = solved
  const { rollouts, steps, ms } = result.stats
  const verdict = { verified: 'solved', unsolved: 'NOT solved' }[result.status]
  const from =
    result.rollout === undefined
      ? 'no rollout finished a step'
      : `rollout ${result.rollout}, q ${result.q!.toFixed(2)}`
  const how = `${from}; ${counted(rollouts, 'rollout')}, ${counted(steps, 'step')}, ${Math.round(ms)} ms`
  const board = found.kind.toText(found.puzzle, result.answer, { color, violations: violationsOf(solved) })
  return [`${titleOf(found)}: ${verdict} (${how})\n`, { drawn: `${board}\n\n` }]
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function violationsOf({ found: { kind, puzzle }, result: { answer } }: Solved): readonly Violation[] {
  return answer === undefined ? [] : kind.verify(puzzle, answer)
}

/** What stdout gets as JSON. */
export function jsonOf(outcome: Outcome, select: SelectorName): object {
  if ('error' in outcome) {
    const { error, found } = outcome
    return refusalRecordOf(error, found)
  }
  const { found, result, backend } = outcome
  return recordOf(found, result, { select, backend })
}
