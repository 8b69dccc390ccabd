/** How values of settings are read from text. Each says what it wants, so that a wrong one is told in the same words everywhere. */

/** Returns undefined for a text that is none; `wanted` ends the sentence of the error. */
export interface Parser<Value> {
  readonly wanted: string
  readonly read: (text: string) => Value | undefined
}

export const text: Parser<string> = {
  wanted: 'a text that is not empty',
  read: (value) => (value === '' ? undefined : value),
}

/** Commas between. */
export const texts: Parser<readonly string[]> = {
  wanted: 'texts with commas between',
  read: (value) => {
    const parts = value.split(',').map((part) => part.trim())
    return parts.every((part) => part !== '') ? parts : undefined
  },
}

/** Commas between; `*` alone for all. */
export const origins: Parser<readonly string[]> = {
  wanted: 'origins such as https://puzzles.example with commas between, without a path, or * alone',
  read: (value) => {
    const parts = texts.read(value)
    const isOrigin = (part: string) => URL.canParse(part) && new URL(part).origin === part
    return value === '*' || parts?.every(isOrigin) ? parts : undefined
  },
}

/** Whole numbers; `rule` may allow fewer. */
export function count(
  least: number,
  most: number,
  rule?: { readonly wanted: string; readonly allows: (value: unknown) => boolean },
): Parser<number> {
  return {
    wanted: rule?.wanted ?? `a whole number from ${least} to ${most}`,
    read: (value) => {
      const number = Number(value)
      const isOne = /^\d{1,9}$/.test(value) && number >= least && number <= most
      return isOne && (rule?.allows(number) ?? true) ? number : undefined
    },
  }
}

export function choice<Name extends string>(names: readonly Name[]): Parser<Name> {
  return { wanted: `one of ${names.join(', ')}`, read: (value) => names.find((name) => name === value) }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const LONGEST = 24 * UNITS['h']!

/** In milliseconds; bare numbers are seconds. */
export const duration: Parser<number> = {
  wanted: 'a time such as 500ms, 10s or 2m, of at most 24h',
  read: (value) => {
    const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value) ?? []
    const ms = Math.round(Number(number) * UNITS[unit]!)
    return ms >= 1 && ms <= LONGEST ? ms : undefined
  },
}

const SIZES: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20 }
const SMALLEST = 2 ** 10
const LARGEST = 2 ** 30

export const bytes: Parser<number> = {
  wanted: 'a size such as 4096, 256k or 2m, from 1k to 1024m',
  read: (value) => {
    const [, number, unit = ''] = /^(\d{1,10})([km]?)$/i.exec(value) ?? []
    const size = Number(number) * SIZES[unit.toLowerCase()]!
    return size >= SMALLEST && size <= LARGEST ? size : undefined
  },
}
