/** The one puzzle of a text, for kinds whose `parse` is built on their streaming reader. */
import { PuzzleParseError } from '../errors.ts'
import type { PuzzleReader } from '../kind.ts'

/** Reads `text` to its end. Throws `PuzzleParseError`: the reader's first, or that there is no puzzle or a second. */
export function exactlyOne<P, A>(reader: PuzzleReader<P, A>, text: string, source?: string): P {
  let found: P | undefined
  const lines = text.split(/\r\n|\n|\r/)
  for (const line of [...lines, undefined]) {
    for (const item of line === undefined ? reader.end() : reader.push(line)) {
      if ('error' in item) throw item.error
      if (found !== undefined) throw new PuzzleParseError('expected one puzzle, found a second', item.where)
      found = item.puzzle
    }
  }
  if (found === undefined) throw new PuzzleParseError('found no puzzle', { source, line: 1, column: 1 })
  return found
}
