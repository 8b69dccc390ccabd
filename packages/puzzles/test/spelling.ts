/** Bodies of URLs spelled as pzpr reads but does not write them: longer numbers, runs of blanks in pieces. */
import { NO_CLUE, UNKNOWN_CLUE } from '../src/board/board.ts'

const LONGEST_RUN = 20

/** Chooses one of `choices` ways. */
export type Choose = (choices: number) => number

/** The length of the run of blanks at `start`, cut short at random. */
function runAt(values: ArrayLike<number>, start: number, most: number, choose: Choose): number {
  let length = 0
  while (length < most && values[start + length] === NO_CLUE) length++
  return length > 0 ? 1 + choose(length) : 0
}

const runLetter = (length: number) => (15 + length).toString(36)

/**
 * The URL body of a board with `values` in its cells: runs of `NO_CLUE` in pieces, everything else as `spell` says, which
 * may take cells behind it along.
 */
export function runs(
  values: ArrayLike<number>,
  choose: Choose,
  spell: (at: number) => { readonly text: string; readonly taken?: number },
): string {
  let text = ''
  for (let at = 0; at < values.length; ) {
    const run = runAt(values, at, LONGEST_RUN, choose)
    const { text: next, taken = 0 } = run > 0 ? { text: runLetter(run) } : spell(at)
    text += next
    at += Math.max(1, run) + taken
  }
  return text
}

export function numbers16(values: ArrayLike<number>, choose: Choose): string {
  return runs(values, choose, (at) => ({ text: number16(values[at]!, choose) }))
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

export function numbers4(values: ArrayLike<number>, choose: Choose): string {
  return runs(values, choose, (at) => {
    const value = values[at]!
    if (value === UNKNOWN_CLUE) return { text: '.' }
    const taken = choose(2) * runAt(values, at + 1, 2, choose)
    return { text: (value + 5 * taken).toString(16), taken }
  })
}
