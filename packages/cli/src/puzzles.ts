/** Puzzles as the commands see them: numbered among each other, with the errors of bad entries on stderr. */
import { shown } from '@ptrm/puzzles'
import { type Found, nameOf, type Puzzles, remarkOn } from '@ptrm/puzzles/node'
import { printJson, tell } from './run/output.ts'

/** What a puzzle is called on the terminal, on one line. */
export function titleOf(found: Found): string {
  return shown(nameOf(found))
}

/**
 * Hands the puzzles to `use` in input order, one after the other, each with its place among the input's entries, from 1,
 * and writes the errors of bad entries, and what the reader had to decide, to stderr as they come; with `json`, bad entries to
 * stdout too. Returns what `use` returned.
 */
export async function forEachPuzzle<Result>(
  { items }: Puzzles,
  { json = false }: { readonly json?: boolean },
  use: (found: Found, number: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [place, item] of items.entries()) {
    const remark = 'error' in item ? item.error.message : remarkOn(item)
    if (remark !== undefined) await tell(`${remark}\n`)
    if (!('error' in item)) results.push(await use(item, place + 1))
    else if (json) await printRefusal(item.error)
  }
  return results
}

/** Loads the solver, which no puzzle needs that is only shown or judged. */
async function printRefusal(error: Error): Promise<void> {
  const { refusalRecordOf } = await import('@ptrm/orchestrator')
  await printJson(refusalRecordOf(error))
}
