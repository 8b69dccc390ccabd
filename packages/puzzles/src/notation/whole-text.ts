/** Reads whole texts with readers that take them line by line. */
import { PuzzleParseError } from '../errors.ts'
import type { FoundPuzzle, PuzzleReader } from '../kind.ts'

/** All items of a text, in their order. */
export function* itemsOf<Item>(
  reader: { push(line: string): Item[]; end(): Item[] },
  text: string,
): Generator<Item> {
  for (const line of text.split(/\r\n|\n|\r/)) yield* reader.push(line)
  yield* reader.end()
}

/** The one puzzle of a text. Throws `PuzzleParseError`: the reader's first, or that there is no puzzle or a second. */
export function onePuzzle<P, A>(reader: PuzzleReader<P, A>, text: string, source?: string): P {
  let found: FoundPuzzle<P, A> | undefined
  for (const item of itemsOf(reader, text)) {
    if ('error' in item) throw item.error
    if (found) throw new PuzzleParseError('expected one puzzle, found a second', item.where)
    found = item
  }
  if (!found) throw new PuzzleParseError('found no puzzle', { source, line: 1, column: 1 })
  return found.puzzle
}
