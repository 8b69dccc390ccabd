/** Puzzles as the commands see them: numbered among each other, with the errors of bad entries on stderr. */
import { type Found, type Puzzles, remarkOn } from '@ptrm/puzzles/node'

/**
 * Hands the puzzles to `use` in input order, each with its number among them (from 1; undefined where it is alone), and
 * writes the errors of bad entries, and what the reader had to decide, to stderr as they come. Returns what `use` returned.
 */
export function forEachPuzzle<Result>(
  { items, count }: Puzzles,
  use: (found: Found, number: number | undefined) => Result,
): Result[] {
  const results: Result[] = []
  for (const item of items) {
    const remark = 'error' in item ? item.error.message : remarkOn(item)
    if (remark !== undefined) process.stderr.write(`${remark}\n`)
    if (!('error' in item)) results.push(use(item, count > 1 ? results.length + 1 : undefined))
  }
  return results
}
