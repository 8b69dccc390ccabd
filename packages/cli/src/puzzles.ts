/** Puzzles as the commands see them: read to the end, named in output, numbered among each other. */
import type { AnyItem } from '@ptrm/puzzles'
import { readPuzzles, UsageError } from './input.ts'

/** A puzzle of the input, with its kind; the other items are the errors of bad entries. */
export type Found = Exclude<AnyItem, { error: unknown }>

export interface Puzzles {
  readonly items: readonly AnyItem[]
  /** How many of the items are puzzles. */
  readonly count: number
}

/** All of the input. Throws `UsageError` where there is no such input, or nothing in it. */
export async function readAllPuzzles(input: string, fallback: string | undefined): Promise<Puzzles> {
  const items: AnyItem[] = []
  for await (const item of readPuzzles(input, { fallback })) items.push(item)
  if (items.length === 0) throw new UsageError('found no puzzle in the input')
  return { items, count: items.filter((item) => !('error' in item)).length }
}

/**
 * Hands the puzzles to `use` in input order, each with its number among them (from 1; undefined where it is alone), and
 * writes the errors of bad entries to stderr as they come. Returns what `use` returned.
 */
export function forEachPuzzle<Result>(
  { items, count }: Puzzles,
  use: (found: Found, number: number | undefined) => Result,
): Result[] {
  const results: Result[] = []
  for (const item of items) {
    if ('error' in item) process.stderr.write(`${item.error.message}\n`)
    else results.push(use(item, count > 1 ? results.length + 1 : undefined))
  }
  return results
}

/** What a puzzle is called in output: its id, else where it stands. */
export function nameOf({ id, where }: Found): string {
  return id ?? `${where.source}:${where.line}`
}
