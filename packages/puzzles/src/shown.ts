/** Text that others wrote (ids, file names, lines of an input), made fit to be shown: short, and without codes that steer a terminal. */

/** Codes that a terminal obeys, that turn the order of what stands behind them round, or that can't be seen: control characters, marks of direction, separators of lines, halves of characters. */
const CODES = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu
const LONGEST_QUOTE = 60

/** The text as one line: each code is written out, as `\x1b`. */
export function shown(text: string): string {
  return text.replace(CODES, writtenOut)
}

/** The same for a text of several lines: ends of lines and tabs stay. */
export function shownLines(text: string): string {
  return text.replace(CODES, (code) => (code === '\n' || code === '\t' ? code : writtenOut(code)))
}

/** JSON of a value, with the same value, whose codes are all escaped: `JSON.stringify` leaves some of them as they are. */
export function shownJson(value: unknown): string {
  return JSON.stringify(value).replace(CODES, (code) => `\\u${hex(code, 4)}`)
}

/** A text for an error message: as `shown`, of a long text its start and how many characters it has. */
export function shortened(text: string): string {
  const { start, rest } = cutOff(text)
  return `${start}${rest}`
}

/** The same in quotes. */
export function quoted(text: string): string {
  const { start, rest } = cutOff(text)
  return `'${start}'${rest}`
}

function cutOff(text: string): { readonly start: string; readonly rest: string } {
  const start = shown(text.slice(0, LONGEST_QUOTE + 1))
  if (start.length <= LONGEST_QUOTE) return { start, rest: '' }
  // Not between the two halves of a character.
  const end = start.slice(0, LONGEST_QUOTE).replace(/[\ud800-\udbff]$/, '')
  return { start: end, rest: `... (${text.length} characters)` }
}

function writtenOut(code: string): string {
  return code.charCodeAt(0) < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
}

function hex(code: string, digits: number): string {
  return code.charCodeAt(0).toString(16).padStart(digits, '0')
}
