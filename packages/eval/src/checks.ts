/** What a value out of a file must be: checks of single fields, and the words for the first that is wrong. */

export type Check = (value: unknown) => boolean

/** A check for each field that is looked at. */
export type Checks<Of = Record<string, unknown>> = { readonly [Field in keyof Of]: Check }

export const isText: Check = (value) => typeof value === 'string'
export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
export const isBoolean: Check = (value) => typeof value === 'boolean'
export const isNull: Check = (value) => value === null

export function isWhole(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  return (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
}

export function isOneOf(values: readonly unknown[]): Check {
  return (value) => values.includes(value)
}

export function either(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value))
}

export function isListOf(check: Check, length?: number): Check {
  return (value) =>
    Array.isArray(value) && (length === undefined || value.length === length) && value.every(check)
}

/** A list of at least one. */
export function isSomeOf(check: Check): Check {
  return (value) => isListOf(check)(value) && (value as unknown[]).length > 0
}

/** An object with these fields, and whatever others. */
export function has<Of>(checks: Checks<Of>): Check {
  return (value) => wrongField(value, checks) === undefined
}

/** The first field that is wrong, such as `size is "x"` or `name is missing`; undefined where none is. */
export function wrongField<Of>(value: unknown, checks: Checks<Of>): string | undefined {
  const fields = Object(value) as Record<keyof Of, unknown>
  const names = Object.keys(checks) as (keyof Of & string)[]
  const name = names.find((field) => !checks[field](fields[field]))
  if (name === undefined) return undefined
  const found = JSON.stringify(fields[name])
  return `${name} is ${found === undefined ? 'missing' : short(found)}`
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
