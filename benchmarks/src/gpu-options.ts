/** What the commands for GPUs read of their command lines alike, and which of their errors are the caller's. */

export type Provider = 'cuda' | 'cpu'

/** Throws a RangeError for another word. */
export function readProvider(text: string): Provider {
  if (text !== 'cuda' && text !== 'cpu') throw new RangeError(`--provider: found ${text}, wanted cuda or cpu`)
  return text
}

/** An option's number; throws a RangeError where it is not above 0, or without end. */
export function readPositive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new RangeError(`--${name}: found ${text}, wanted a number above 0`)
  return value
}

/** Says on stderr why a command ended: a caller's mistake with its usage. Returns whether it was one. */
export function tellEnd(error: unknown, usage: string): boolean {
  const isUsage = error instanceof RangeError || (error instanceof TypeError && 'code' in error)
  console.error(isUsage ? `${error.message}\n${usage}` : error)
  return isUsage
}
