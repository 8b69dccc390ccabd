/** An input read to its end: its puzzles, the errors among them, and what a puzzle is called. */
import type { AnyItem } from '../notation/any-reader.ts'
import { shown } from '../shown.ts'
import { InputError, type PuzzleFile, type ReadOptions, readPuzzles } from './input.ts'

/** A puzzle of the input, with its kind; the other items are the errors of bad entries. */
export type Found = Exclude<AnyItem, { error: unknown }>

export interface Puzzles {
  /** In the input's order. */
  readonly items: readonly AnyItem[]
  /** How many of the items are puzzles. */
  readonly count: number
}

/**
 * All of the input, as `readPuzzles` reads it. Throws `InputError` where there is no such input, or nothing in it, and
 * the reason of an abort.
 */
export async function readAllPuzzles(input: string | PuzzleFile, options?: ReadOptions): Promise<Puzzles> {
  const items: AnyItem[] = []
  for await (const item of readPuzzles(input, options)) items.push(item)
  options?.signal?.throwIfAborted()
  if (items.length === 0) throw new InputError('found no puzzle in the input')
  return { items, count: items.filter((item) => !('error' in item)).length }
}

/** What a puzzle is called in output: its id, else where it stands. */
export function nameOf({ id, where }: Found): string {
  return id ?? `${where.source}:${where.line}`
}

/** A line for people about what the reader had to decide; undefined where it had nothing to. */
export function remarkOn({ note, where }: Found): string | undefined {
  return note === undefined
    ? undefined
    : `${shown(where.source ?? 'input')}:${where.line}:${where.column}: ${note}`
}
