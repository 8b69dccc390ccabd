/** `ptrm check`: judges answers by the rules alone, and shows what breaks them. Runs no model. */
import { DEFAULT_KIND, judge, type Place, placesText, type Verdict, type Violation } from '@ptrm/puzzles'
import { type Found, readAllPuzzles } from '@ptrm/puzzles/node'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { answerFile, readAnswerOption, refuseOverwrite, UsageError } from '../input.ts'
import { gridKindOption, outputOptions, puzzleInput, wantsColor } from '../options/groups.ts'
import { forEachPuzzle, titleOf } from '../puzzles.ts'
import { print, printJson, tell } from '../run/output.ts'
import { writeSvg } from '../svg-file.ts'

interface CheckFlags {
  readonly kind?: string
  readonly answer?: string
  readonly svg?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color: boolean
}

const HELP = `
Examples:
  ptrm check 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.' --answer .o..../o-..o./..-o../-.o-.o/.o..-./-..o.-
  ptrm check puzzles.jsonl --quiet            (solutions from the file)
`

export const command: Command = declare({
  name: 'check',
  description: 'judge an answer by the rules alone, and show what it breaks',
  arguments: [puzzleInput()],
  options: [
    option(
      '--answer <text|@file>',
      'the answer (default: the solutions that the file gives beside its puzzles)',
    ),
    gridKindOption(DEFAULT_KIND),
    ...outputOptions({ quiet: 'no pictures' }),
  ],
  help: HELP,
  exitCodes: { 0: 'all right', 1: 'some wrong or incomplete', 2: 'bad input or usage' },
  action: check,
})

/** Exit codes: 0 every answer is right, 1 some are wrong or incomplete, 2 some input was unusable. */
async function check(input: string, flags: CheckFlags): Promise<number> {
  refuseOverwrite('--svg', flags.svg, input, answerFile(flags.answer))
  const puzzles = await readAllPuzzles(input, { fallback: flags.kind })
  const { count } = puzzles
  if (flags.answer !== undefined && count > 1)
    throw new UsageError(`--answer goes with one puzzle, the input has ${count}`)
  const verdicts = await forEachPuzzle(puzzles, (found, number) => checkOne(found, flags, number))
  const right = verdicts.filter((verdict) => verdict === 'solved').length
  const bad = puzzles.items.length - count
  if (count > 1 && !flags.quiet)
    await tell(`${right} of ${count} answers are right${bad > 0 ? `, ${bad} unusable` : ''}\n`)
  return bad > 0 ? 2 : right < count ? 1 : 0
}

async function checkOne(found: Found, flags: CheckFlags, number: number | undefined): Promise<Verdict> {
  const { kind, puzzle, id, where } = found
  const answer = answerOf(found, flags.answer)
  const { verdict, violations, broken } = judge(kind, puzzle, answer)
  if (flags.json) {
    await printJson({ kind: kind.name, id, where, verdict, violations: broken })
  } else {
    const lines = [describe(verdict), ...broken.map((violation) => `  ${describeViolation(violation)}`)]
    const picture = () => `${kind.toText(puzzle, answer, { color: wantsColor(flags), violations })}\n\n`
    await print(`${titleOf(found)}: ${lines.join('\n')}\n`, { drawn: flags.quiet ? '' : picture() })
  }
  if (flags.svg !== undefined) writeSvg(flags.svg, number, kind.toSvg(puzzle, answer, { violations }))
  return verdict
}

function answerOf({ kind, puzzle, solution, where }: Found, option: string | undefined): unknown {
  if (option !== undefined) return readAnswerOption(kind, puzzle, option)
  if (solution !== undefined) return solution
  throw new UsageError(`${where.source}:${where.line}: no answer beside this puzzle: give it with --answer`)
}

function describe(verdict: Verdict): string {
  if (verdict === 'solved') return 'solved: the answer keeps all rules'
  return verdict === 'wrong' ? 'WRONG' : 'incomplete: nothing is broken so far, some cells are undecided'
}

const MOST_PLACES = 8

function describeViolation({ rule, cells }: { rule: Violation['rule']; cells: readonly Place[] }): string {
  const places = placesText(cells.slice(0, MOST_PLACES))
  const more = cells.length > MOST_PLACES ? `, and ${cells.length - MOST_PLACES} more` : ''
  return `${rule}${places === '' ? '' : `: ${places}${more}`}`
}
