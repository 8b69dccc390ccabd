/** `ptrm check`: judges answers by the rules alone, and shows what breaks them. Runs no model. */
import {
  type AnyItem,
  DEFAULT_KIND,
  judge,
  type Place,
  PuzzleParseError,
  placesText,
  type Verdict,
  type Violation,
} from '@ptrm/puzzles'
import { type Found, type Puzzles, readAllPuzzles } from '@ptrm/puzzles/node'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { answerFile, readAnswerOption, refuseStdinTwice, UsageError } from '../input.ts'
import { gridKindOption, outputOptions, puzzleInput, wantsColor } from '../options/groups.ts'
import { forEachPuzzle, titleOf } from '../puzzles.ts'
import { print, printJson, tell } from '../run/output.ts'
import { svgFiles } from '../svg-file.ts'

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
      'the answer, @- from stdin (default: the solutions that the file gives beside its puzzles)',
    ),
    gridKindOption(DEFAULT_KIND),
    ...outputOptions({ quiet: 'no pictures' }),
  ],
  help: HELP,
  exitCodes: {
    0: 'all right',
    1: 'some wrong or incomplete',
    2: 'bad input or usage, or no answer to judge',
  },
  action: check,
})

/** Exit codes: 0 every answer is right, 1 some are wrong or incomplete, 2 some input was unusable. */
async function check(input: string, flags: CheckFlags): Promise<number> {
  refuseStdinTwice(input, flags.answer)
  const pictures = svgFiles(flags.svg, input, answerFile(flags.answer))
  const read = await readAllPuzzles(input, { fallback: flags.kind })
  if (flags.answer !== undefined && read.count > 1)
    throw new UsageError(`--answer goes with one puzzle, the input has ${read.count}`)
  const puzzles = flags.answer === undefined ? onlyAnswered(read) : read
  const { items, count } = puzzles
  const verdicts = await forEachPuzzle(puzzles, flags, async (found, number) => {
    const { verdict, svg } = await checkOne(found, flags)
    pictures?.add(number, svg)
    return verdict
  })
  pictures?.end()
  const right = verdicts.filter((verdict) => verdict === 'solved').length
  const bad = items.length - count
  if (items.length > 1 && !flags.quiet)
    await tell(`${right} of ${count} answers are right${bad > 0 ? `, ${bad} unusable` : ''}\n`)
  return bad > 0 ? 2 : right < count ? 1 : 0
}

/** Puzzles without an answer beside them can't be judged: bad entries, like those that can't be read. */
function onlyAnswered(puzzles: Puzzles): Puzzles {
  const items = puzzles.items.map((item): AnyItem => {
    if ('error' in item || item.solution !== undefined) return item
    const { where } = item
    return {
      error: new PuzzleParseError('no answer beside this puzzle: give it with --answer', where),
      where,
    }
  })
  return { items, count: items.filter((item) => !('error' in item)).length }
}

/** Prints what is to be said of an answer. Returns its verdict, and what draws it as SVG. */
async function checkOne(
  found: Found,
  flags: CheckFlags,
): Promise<{ readonly verdict: Verdict; readonly svg: () => string }> {
  const { kind, puzzle, solution, id, where } = found
  const answer = flags.answer === undefined ? solution : await readAnswerOption(kind, puzzle, flags.answer)
  const { verdict, violations, broken } = judge(kind, puzzle, answer)
  if (flags.json) {
    await printJson({ kind: kind.name, id, where, verdict, violations: broken })
  } else {
    const lines = [describe(verdict), ...broken.map((violation) => `  ${describeViolation(violation)}`)]
    const picture = () => `${kind.toText(puzzle, answer, { color: wantsColor(flags), violations })}\n\n`
    await print(`${titleOf(found)}: ${lines.join('\n')}\n`, { drawn: flags.quiet ? '' : picture() })
  }
  return { verdict, svg: () => kind.toSvg(puzzle, answer, { violations }) }
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
