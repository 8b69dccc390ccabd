/** Reads puzzles of all kinds from one text. */
import type { Position, PuzzleParseError } from '../errors.ts'
import type { AnyKind, FoundPuzzle } from '../kind.ts'
import { DEFAULT_KIND, kindNamed, kinds } from '../registry.ts'
import { LineReader } from './reader.ts'

export type AnyItem =
  | (FoundPuzzle<unknown, unknown> & { readonly kind: AnyKind })
  | { readonly error: PuzzleParseError; readonly where: Position }

/**
 * A reader for texts of mixed kinds. A line that is a kind's name says what the grids below it are; before the first
 * such line they are of kind `fallback`. URLs say their kind themselves, wherever they stand.
 */
export class AnyReader extends LineReader<Exclude<AnyItem, { error: unknown }>> {
  constructor(source?: string, fallback: string = DEFAULT_KIND) {
    super({
      notations: Array.from(kinds.values(), ({ notation }) => notation),
      first: kindNamed(fallback).notation,
      source,
      item: (found, { name }) => ({ ...found, kind: kinds.get(name)! }),
    })
  }
}
