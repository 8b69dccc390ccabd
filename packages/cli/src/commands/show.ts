/** `ptrm show`: puzzles as pictures, in any notation in, in the terminal or as SVG out. Runs no model. */
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { type Found, readAllPuzzles } from '@ptrm/puzzles/node'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { answerFile, readAnswerOption, refuseStdinTwice, UsageError } from '../input.ts'
import { gridKindOption, outputOptions, puzzleInput, wantsColor } from '../options/groups.ts'
import { forEachPuzzle, titleOf } from '../puzzles.ts'
import { print, printJson } from '../run/output.ts'
import { svgFiles } from '../svg-file.ts'

interface ShowFlags {
  readonly kind?: string
  readonly answer?: string
  readonly svg?: string
  readonly json?: boolean
  readonly color: boolean
}

const HELP = `
Examples:
  ptrm show 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
  ptrm show puzzle.txt --svg puzzle.svg
`

export const command: Command = declare({
  name: 'show',
  description: 'draw puzzles of any kind and notation; runs no model',
  arguments: [puzzleInput()],
  options: [
    option(
      '--answer <text|@file>',
      'draw this answer, filled or in part (@-: from stdin), and mark what it breaks',
    ),
    gridKindOption(DEFAULT_KIND),
    ...outputOptions({ json: ': kind, size, URL, text grid' }),
  ],
  help: HELP,
  exitCodes: { 0: 'all shown', 2: 'bad input or usage' },
  action: show,
})

/** Exit codes: 0 all shown, 2 some input was unusable. */
async function show(input: string, flags: ShowFlags): Promise<number> {
  refuseStdinTwice(input, flags.answer)
  const pictures = svgFiles(flags.svg, input, answerFile(flags.answer))
  const puzzles = await readAllPuzzles(input, { fallback: flags.kind })
  if (flags.answer !== undefined && puzzles.count !== 1)
    throw new UsageError(`--answer goes with one puzzle, the input has ${puzzles.count}`)
  await forEachPuzzle(puzzles, flags, async (found, number) => {
    const svg = await showOne(found, flags)
    pictures?.add(number, svg)
  })
  pictures?.end()
  return puzzles.count === puzzles.items.length ? 0 : 2
}

/** Prints a puzzle. Returns what draws it as SVG. */
async function showOne(found: Found, flags: ShowFlags): Promise<() => string> {
  const { kind, puzzle, id, note, where } = found
  const answer = flags.answer === undefined ? undefined : await readAnswerOption(kind, puzzle, flags.answer)
  const violations = answer === undefined ? kind.contradictions(puzzle) : kind.partial(puzzle, answer)
  const { rows, cols } = kind.size(puzzle)
  if (flags.json) {
    const record = {
      kind: kind.name,
      id,
      note,
      where,
      rows,
      cols,
      url: kind.toUrl(puzzle),
      grid: kind.toGrid(puzzle),
    }
    await printJson(record)
  } else {
    const picture = kind.toText(puzzle, answer, { color: wantsColor(flags), violations })
    const title = `${titleOf(found)}: ${kind.name}, ${rows} rows x ${cols} columns\n`
    await print(title, { drawn: picture }, `\n${kind.toUrl(puzzle)}\n\n`)
  }
  return () => kind.toSvg(puzzle, answer, { violations })
}
