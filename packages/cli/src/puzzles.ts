/** Puzzles as the commands see them: numbered among each other, with the errors of bad entries on stderr. */
import type { Found, Puzzles } from '@ptrm/puzzles/node'

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
