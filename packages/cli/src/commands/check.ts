/** `ptrm check`: judges answers by the rules alone, and shows what breaks them. Runs no model. */
import type { AnyItem, AnyKind, Violation } from '@ptrm/orchestrator'
import { readAnswerOption, readPuzzles, UsageError } from '../input.ts'
import { writeSvg } from '../svg-file.ts'

export interface CheckFlags {
  readonly kind?: string
  readonly answer?: string
  readonly svg?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color: boolean
}

type Found = Exclude<AnyItem, { error: unknown }>

/** `incomplete`: cells are undecided, but nothing is broken yet. */
type Verdict = 'solved' | 'wrong' | 'incomplete'

/** Exit codes: 0 every answer is right, 1 some are wrong or incomplete, 2 some input was unusable. */
export async function check(input: string, flags: CheckFlags): Promise<number> {
  const items: AnyItem[] = []
  for await (const item of readPuzzles(input, { fallback: flags.kind })) items.push(item)
  const found = items.filter((item): item is Found => !('error' in item))
  if (items.length === 0) throw new UsageError('found no puzzle in the input')
  if (flags.answer !== undefined && found.length > 1)
    throw new UsageError(`--answer goes with one puzzle, the input has ${found.length}`)
  let [bad, wrong] = [0, 0]
  for (const item of items) {
    if ('error' in item) {
      bad += 1
      process.stderr.write(`${item.error.message}\n`)
    } else if (checkOne(item, flags, found.length > 1 ? found.indexOf(item) + 1 : undefined) !== 'solved')
      wrong += 1
  }
  if (found.length > 1 && !flags.quiet)
    process.stderr.write(
      `${found.length - wrong} of ${found.length} answers are right${bad > 0 ? `, ${bad} unusable` : ''}\n`,
    )
  return bad > 0 ? 2 : wrong > 0 ? 1 : 0
}

function checkOne(found: Found, flags: CheckFlags, number: number | undefined): Verdict {
  const { kind, puzzle, id, where } = found
  const answer = answerOf(found, flags.answer)
  const complete = kind.isComplete(puzzle, answer)
  const violations = complete ? kind.verify(puzzle, answer) : kind.partial(puzzle, answer)
  const verdict: Verdict = violations.length > 0 ? 'wrong' : complete ? 'solved' : 'incomplete'
  const broken = violations.map(({ rule, cells }) => ({
    rule,
    cells: cells.map((cell) => place(kind, puzzle, cell)),
  }))
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ kind: kind.name, id, where, verdict, violations: broken })}\n`)
  } else {
    const name = id ?? `${where.source}:${where.line}`
    process.stdout.write(`${name}: ${describe(verdict)}\n`)
    for (const violation of broken) process.stdout.write(`  ${describeViolation(violation)}\n`)
    if (!flags.quiet)
      process.stdout.write(`${kind.toText(puzzle, answer, { color: flags.color, violations })}\n\n`)
  }
  if (flags.svg !== undefined) writeSvg(flags.svg, number, kind.toSvg(puzzle, answer, { violations }))
  return verdict
}

function answerOf({ kind, puzzle, solution, where }: Found, option: string | undefined): unknown {
  if (option !== undefined) return readAnswerOption(kind, puzzle, option)
  if (solution !== undefined) return solution
  throw new UsageError(`${where.source}:${where.line}: no answer beside this puzzle: give it with --answer`)
}

interface Place {
  readonly row: number
  readonly column: number
}

function place(kind: AnyKind, puzzle: unknown, cell: number): Place {
  const { cols } = kind.size(puzzle)
  return { row: Math.floor(cell / cols) + 1, column: (cell % cols) + 1 }
}

function describe(verdict: Verdict): string {
  if (verdict === 'solved') return 'solved: the answer keeps all rules'
  return verdict === 'wrong' ? 'WRONG' : 'incomplete: nothing is broken so far, some cells are undecided'
}

const MOST_PLACES = 8

function describeViolation({ rule, cells }: { rule: Violation['rule']; cells: readonly Place[] }): string {
  const places = cells.slice(0, MOST_PLACES).map(({ row, column }) => `row ${row} column ${column}`)
  const more = cells.length > MOST_PLACES ? `, and ${cells.length - MOST_PLACES} more` : ''
  return `${rule}${places.length > 0 ? `: ${places.join(', ')}${more}` : ''}`
}
