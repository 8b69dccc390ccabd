/** URLs of puzzles spelled as pzpr reads but does not write them: longer numbers, runs of blanks in pieces. */
import fc from 'fast-check'
import type { GridSize } from '../src/board/board.ts'
import type { AnyKind } from '../src/kind.ts'

const NO_CLUE = -2
const UNKNOWN_CLUE = -1
const LONGEST_RUN = 20

/** Chooses one of `choices` ways. */
type Choose = (choices: number) => number

/** The puzzle's URL with every number and run in one of its spellings. */
export function oddUrlsOf(kind: AnyKind, puzzles: fc.Arbitrary<unknown>): fc.Arbitrary<[unknown, string]> {
  const choices = fc.array(fc.nat(), { minLength: 50, maxLength: 50 })
  return fc.tuple(puzzles, choices).map(([puzzle, numbers]) => {
    let next = 0
    const choose: Choose = (count) => numbers[next++ % numbers.length]! % count
    return [puzzle, respell(kind, puzzle, choose)]
  })
}

function respell(kind: AnyKind, puzzle: unknown, choose: Choose): string {
  const [, start, body] = /^(.*\/)([^/]*)$/.exec(kind.toUrl(puzzle))!
  if (kind.name === 'sudoku') {
    const { givens } = puzzle as { givens: Uint8Array }
    return (
      start! +
      numbers16(
        Array.from(givens, (digit) => digit || NO_CLUE),
        choose,
      )
    )
  }
  const { clues } = puzzle as { clues: ArrayLike<number> }
  switch (kind.name) {
    case 'lightup':
    case 'shakashaka':
      return start! + numbers4(clues, choose)
    case 'nurikabe':
      return start! + numbers16(clues, choose)
    case 'heyawake':
      return start! + body!.slice(0, bordersLength(kind.size(puzzle))) + numbers16(clues, choose)
    case 'tapa':
      return start! + tapaClues((puzzle as { clues: readonly (readonly number[])[] }).clues, choose)
    default:
      throw new Error(`no odd spellings of kind '${kind.name}' yet: add them here`)
  }
}

function bordersLength({ rows, cols }: GridSize): number {
  return Math.ceil(((cols - 1) * rows) / 5) + Math.ceil((cols * (rows - 1)) / 5)
}

/** The length of the run of blanks at `start`, cut short at random. */
function runAt(values: ArrayLike<number>, start: number, most: number, choose: Choose): number {
  let length = 0
  while (length < most && values[start + length] === NO_CLUE) length++
  return length > 0 ? 1 + choose(length) : 0
}

const runLetter = (length: number) => (15 + length).toString(36)

function numbers16(values: ArrayLike<number>, choose: Choose): string {
  let text = ''
  for (let at = 0; at < values.length; ) {
    const run = runAt(values, at, LONGEST_RUN, choose)
    text += run > 0 ? runLetter(run) : number16(values[at]!, choose)
    at += Math.max(1, run)
  }
  return text
}

function number16(value: number, choose: Choose): string {
  if (value === UNKNOWN_CLUE) return '.'
  const digits = (length: number, minus = 0) => (value - minus).toString(16).padStart(length, '0')
  if (value >= 8192) return `%${digits(3, 8192)}`
  if (value >= 4096) return `=${digits(3, 4096)}`
  const spellings = [
    `+${digits(3)}`,
    ...(value < 256 ? [`-${digits(2)}`] : []),
    ...(value < 16 ? [digits(1)] : []),
  ]
  return spellings[choose(spellings.length)]!
}

function numbers4(values: ArrayLike<number>, choose: Choose): string {
  let text = ''
  for (let at = 0; at < values.length; ) {
    const value = values[at]!
    const run = runAt(values, at, LONGEST_RUN, choose)
    if (run > 0) text += runLetter(run)
    else if (value === UNKNOWN_CLUE) text += '.'
    else {
      const taken = choose(2) * runAt(values, at + 1, 2, choose)
      text += (value + 5 * taken).toString(16)
      at += taken
    }
    at += Math.max(1, run)
  }
  return text
}

function tapaClues(clues: readonly (readonly number[])[], choose: Choose): string {
  const blanks = clues.map((clue) => (clue.length === 0 ? NO_CLUE : 0))
  let text = ''
  for (let at = 0; at < clues.length; ) {
    const run = runAt(blanks, at, LONGEST_RUN, choose)
    text += run > 0 ? runLetter(run) : tapaClue(clues[at]!, choose)
    at += Math.max(1, run)
  }
  return text
}

function tapaClue(clue: readonly number[], choose: Choose): string {
  if (clue.length === 1) return clue[0] === UNKNOWN_CLUE ? '.' : String(clue[0])
  if (clue.join() === '1,1,1,1' && choose(2) === 0) return '9'
  const [first, base] = clue.length === 2 ? [360, 6] : clue.length === 3 ? [396, 4] : [460, 2]
  return (first + clue.reduce((sum, number) => sum * base + Math.max(0, number), 0)).toString(36)
}
