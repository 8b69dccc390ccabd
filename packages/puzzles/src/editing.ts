/** What keys and clicks make of a puzzle, for every kind alike. */
import type { Editing } from './kind.ts'

/**
 * The puzzle after a character was typed into a cell: it goes on with what stands there if `goesOn`, as in `12`, or where
 * that is nothing that the kind can read, stands alone. Undefined where it means nothing.
 */
export function afterCharacter<P>(
  { textOf, write }: Pick<Editing<P>, 'textOf' | 'write'>,
  puzzle: P,
  cell: number,
  character: string,
  goesOn: boolean,
): P | undefined {
  const longer = goesOn ? write(puzzle, cell, textOf(puzzle, cell) + character) : undefined
  return longer ?? write(puzzle, cell, character) ?? write(puzzle, cell, character.toLowerCase())
}

/** The puzzle after a click on a cell: with the next of its choices that the kind can read, or as it was. */
export function afterClick<P>(
  { textOf, write, choices }: Pick<Editing<P>, 'textOf' | 'write' | 'choices'>,
  puzzle: P,
  cell: number,
): P {
  const texts = choices(puzzle, cell)
  const at = texts.indexOf(textOf(puzzle, cell))
  for (let i = 1; i <= texts.length; i++) {
    const next = write(puzzle, cell, texts[(at + i) % texts.length]!)
    if (next) return next
  }
  return puzzle
}
