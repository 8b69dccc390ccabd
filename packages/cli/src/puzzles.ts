/** Puzzles as the commands see them: numbered among each other, with the errors of bad entries on stderr. */
import { shown } from '@ptrm/puzzles'
import { type Found, nameOf, type Puzzles, remarkOn } from '@ptrm/puzzles/node'
import { tell } from './run/output.ts'

/** What a puzzle is called on the terminal, on one line. */
export function titleOf(found: Found): string {
  return shown(nameOf(found))
}

/**
 * Hands the puzzles to `use` in input order, one after the other, each with its number among them (from 1; undefined where it is alone), and
 * writes the errors of bad entries, and what the reader had to decide, to stderr as they come. Returns what `use` returned.
 */
export async function forEachPuzzle<Result>(
  { items, count }: Puzzles,
  use: (found: Found, number: number | undefined) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) {
    const remark = 'error' in item ? item.error.message : remarkOn(item)
    if (remark !== undefined) await tell(`${remark}\n`)
    if (!('error' in item)) results.push(await use(item, count > 1 ? results.length + 1 : undefined))
  }
  return results
}
