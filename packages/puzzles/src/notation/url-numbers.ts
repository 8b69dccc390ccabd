/**
 * How bodies of puzzle URLs spell numbers and bits: pzpr's `decodeNumber16` (any number), `decode4Cell` (numbers 0-4) and
 * `decodeBorder` (bits). Each reader is exact: a body that is too short, too long or misspelled is an error that points
 * at the character.
 */
import { NO_CLUE, UNKNOWN_CLUE } from '../board/board.ts'
import type { Body } from './url-body.ts'

/** Blank cells that one letter `g` to `z` can skip. */
const LONGEST_RUN = 20
const BASE_32 = '0123456789abcdefghijklmnopqrstuv'

/** Says what is wrong with a value, or undefined. */
export type CheckValue = (value: number) => string | undefined

interface Item {
  readonly value: number
  /** Blank places after the value. */
  readonly blanks: number
}

/** Reads one value a place; blanks come in runs. */
export function readRuns(
  body: Body,
  count: number,
  what: string,
  readItem: (body: Body) => Item,
  check?: CheckValue,
): Int16Array {
  const values = new Int16Array(count).fill(NO_CLUE)
  for (let place = 0; place < count; ) {
    if (body.done) throw body.error(`expected ${count} ${what}, found ${place}`)
    const before = body.at
    const { value, blanks } = readItem(body)
    const wrong = value === NO_CLUE ? undefined : check?.(value)
    if (wrong) throw body.error(wrong, body.at - before)
    if (value !== NO_CLUE) values[place++] = value
    // The blanks that a number brings along may pass the end: pzpr spells a board's last number so.
    if (value === NO_CLUE && place + blanks > count)
      throw body.error(`the URL goes on after its ${count} ${what}`, body.at - before)
    place += blanks
  }
  return values
}

/** The greatest number that the 16-encoding can say: `%fff`. */
export const MOST_NUMBER16: number = 8192 + 0xfff

/** How many hexadecimal digits follow the prefix of a longer number, and what is added to it. */
const LONG_NUMBERS: Readonly<Record<string, readonly [digits: number, plus: number]>> = {
  '-': [2, 0],
  '+': [3, 0],
  '=': [3, 4096],
  '%': [3, 8192],
}

/** One number or run of the 16-encoding. */
function readNumber16Item(body: Body): Item {
  const character = body.peek()
  if (/[g-z]/.test(character)) {
    body.take()
    return { value: NO_CLUE, blanks: Number.parseInt(character, 36) - 15 }
  }
  if (character === '.') {
    body.take()
    return { value: UNKNOWN_CLUE, blanks: 0 }
  }
  const [digits, plus] = LONG_NUMBERS[character] ?? [1, 0]
  const prefix = character in LONG_NUMBERS ? 1 : 0
  const text = body.peek(prefix + digits).slice(prefix)
  if (text.length < digits || !/^[\da-f]+$/.test(text)) {
    throw body.unexpected("a number (0-f, -hh, +hhh), '.' for '?', or g-z for a run of blanks")
  }
  body.take(prefix + digits)
  return { value: Number.parseInt(text, 16) + plus, blanks: 0 }
}

/** Shape [count]: numbers, `UNKNOWN_CLUE` for `.`, `NO_CLUE`. `what` names the places: `cells`, `rooms`. */
export function readNumber16(body: Body, count: number, what = 'cells', check?: CheckValue): Int16Array {
  return readRuns(body, count, what, readNumber16Item, check)
}

/** Spelled as pzpr itself spells it. */
export function writeNumber16(values: ArrayLike<number>): string {
  return writeRuns(values, (value) => (value === UNKNOWN_CLUE ? '.' : hexadecimal(value)))
}

/** Each value as `spell` says; runs of `NO_CLUE` as letters from `g`. */
export function writeRuns(values: ArrayLike<number>, spell: (value: number) => string): string {
  let text = ''
  let run = 0
  const flush = () => {
    if (run > 0) text += (15 + run).toString(36)
    run = 0
  }
  for (const value of Array.from(values)) {
    if (value === NO_CLUE) {
      if (run === LONGEST_RUN) flush()
      run++
      continue
    }
    flush()
    text += spell(value)
  }
  flush()
  return text
}

function hexadecimal(value: number): string {
  if (value < 16) return value.toString(16)
  if (value < 256) return `-${value.toString(16).padStart(2, '0')}`
  const [prefix, plus] = value < 4096 ? ['+', 0] : value < 8192 ? ['=', 4096] : ['%', 8192]
  return prefix + (value - plus).toString(16).padStart(3, '0')
}

/** Shape [count]: numbers 0-4, `UNKNOWN_CLUE` for `.`, `NO_CLUE`. A digit says how many blanks follow it, too. */
export function readNumber4(body: Body, count: number): Int16Array {
  return readRuns(body, count, 'cells', (from) => {
    const character = from.peek()
    if (!/^[\da-eg-z.]$/.test(character)) throw from.unexpected("0-9, a-e, '.' or g-z")
    from.take()
    if (character === '.') return { value: UNKNOWN_CLUE, blanks: 0 }
    const digit = Number.parseInt(character, 36)
    if (digit >= 16) return { value: NO_CLUE, blanks: digit - 15 }
    return { value: digit % 5, blanks: Math.floor(digit / 5) }
  })
}

/** Spelled as pzpr spells it, but for numbers in the last two cells: pzpr lets blanks follow that are not there. */
export function writeNumber4(values: ArrayLike<number>): string {
  const blanksFrom = (start: number, most: number) => {
    let length = 0
    while (length < most && values[start + length] === NO_CLUE) length++
    return length
  }
  let text = ''
  for (let place = 0; place < values.length; ) {
    const value = values[place]!
    if (value === NO_CLUE) {
      const run = blanksFrom(place, LONGEST_RUN)
      text += (15 + run).toString(36)
      place += run
    } else if (value === UNKNOWN_CLUE) {
      text += '.'
      place += 1
    } else {
      const blanks = blanksFrom(place + 1, 2)
      text += (value + 5 * blanks).toString(16)
      place += 1 + blanks
    }
  }
  return text
}

/** Shape [count]: bits, five a base-32 digit, the first one the highest. */
export function readBits(body: Body, count: number, what: string): Uint8Array {
  const bits = new Uint8Array(count)
  for (let at = 0; at < count; at += 5) {
    const value = body.done ? -1 : BASE_32.indexOf(body.peek())
    if (value < 0) throw body.unexpected(`${what} as base-32 digits (0-9, a-v)`)
    body.take()
    for (let i = 0; i < 5 && at + i < count; i++) bits[at + i] = (value >> (4 - i)) & 1
  }
  return bits
}

export function writeBits(bits: ArrayLike<number>): string {
  let text = ''
  for (let at = 0; at < bits.length; at += 5) {
    let value = 0
    for (let i = 0; i < 5; i++) value = value * 2 + (bits[at + i] ?? 0)
    text += BASE_32[value]
  }
  return text
}
