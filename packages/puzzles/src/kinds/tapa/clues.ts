/** Tapa's clues: the lengths of the runs of shaded cells around a cell, as text, as URL codes and as tokens. */
import { UNKNOWN_CLUE } from '../../board/board.ts'

/** Numbers in any order; `UNKNOWN_CLUE` for `?`. Empty: no clue. `[0]`: nothing around is shaded. */
export type TapaClue = readonly number[]

/** How a URL packs a clue of several numbers: digits in `base` (0 says `?`), from code `first`. */
const PACKINGS: Readonly<Record<number, { readonly first: number; readonly base: number }>> = {
  2: { first: 360, base: 6 },
  3: { first: 396, base: 4 },
  4: { first: 460, base: 2 },
}
const END_OF_CODES = 476
const MOST_SINGLE = 8
const FOUR_ONES = 9

/** The URL code of a clue, undefined where URLs can't say it: it can't exist either. */
export function codeOf(clue: TapaClue): number | undefined {
  const [single] = clue
  if (clue.length === 1) return single! >= UNKNOWN_CLUE && single! <= MOST_SINGLE ? single : undefined
  const packing = PACKINGS[clue.length]
  if (!packing) return undefined
  const digits = clue.map((number) => (number === UNKNOWN_CLUE ? 0 : number))
  if (clue.includes(0) || digits.some((digit) => digit < 0 || digit >= packing.base)) return undefined
  const code = packing.first + digits.reduce((sum, digit) => sum * packing.base + digit, 0)
  return code === END_OF_CODES - 1 ? FOUR_ONES : code
}

/** The clue of a URL code; undefined where there is none. */
export function clueOf(code: number): TapaClue | undefined {
  if (code >= UNKNOWN_CLUE && code <= MOST_SINGLE) return [code]
  if (code === FOUR_ONES) return [1, 1, 1, 1]
  if (code >= END_OF_CODES) return undefined
  const packed = Object.entries(PACKINGS).findLast(([, { first }]) => code >= first)
  if (!packed) return undefined
  const [length, { first, base }] = packed
  const digits = (code - first).toString(base).padStart(Number(length), '0')
  return Array.from(digits, (digit) => (digit === '0' ? UNKNOWN_CLUE : Number(digit)))
}

/** Digits and `?` run together, in the order of the clue. */
export function clueText(clue: TapaClue): string {
  return clue.map(numberText).join('')
}

export function numberText(number: number): string {
  return number === UNKNOWN_CLUE ? '?' : String(number)
}

/** A clue from {@link clueText}'s form, undefined where it is none. */
export function readClue(text: string): TapaClue | undefined {
  if (!/^[\d?]{1,4}$/.test(text)) return undefined
  const clue = Array.from(text, (character) => (character === '?' ? UNKNOWN_CLUE : Number(character)))
  return codeOf(clue) === undefined ? undefined : clue
}

/** Equal for clues that ask for the same. */
export function clueKey(clue: TapaClue): string {
  return clue.toSorted((a, b) => a - b).join()
}

/** All that can exist, in the order of their tokens: by length, then number by number, `?` first. */
export const CLUES: readonly TapaClue[] = [
  [UNKNOWN_CLUE],
  ...Array.from({ length: MOST_SINGLE + 1 }, (_, number) => [number]),
  ...[2, 3, 4].flatMap((length) => sortedClues(length)),
]

/** Sorted clues of `length` numbers, none below `least`, that fit around a cell with a gap after each. */
function sortedClues(length: number, least = UNKNOWN_CLUE, room = MOST_SINGLE): TapaClue[] {
  if (length === 0) return [[]]
  const numbers = Array.from({ length: MOST_SINGLE }, (_, i) => i + 1)
  return [UNKNOWN_CLUE, ...numbers]
    .filter((number) => number >= least && Math.abs(number) < room)
    .flatMap((number) =>
      sortedClues(length - 1, number, room - Math.abs(number) - 1).map((rest) => [number, ...rest]),
    )
}

const places: ReadonlyMap<string, number> = new Map(CLUES.map((clue, place) => [clueKey(clue), place]))

/** Where in {@link CLUES} a clue stands, whatever its order; undefined where it can't exist. */
export function placeOfClue(clue: TapaClue): number | undefined {
  return places.get(clueKey(clue))
}
