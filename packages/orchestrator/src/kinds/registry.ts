/** All puzzle kinds by name. */
import type { Kind } from './kind.ts'
import { sudoku } from './sudoku/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: a kind's puzzle and answer types are its own
export const kinds: ReadonlyMap<string, Kind<any, any>> = new Map([[sudoku.name, sudoku]])

/** The kind of this name. Throws an Error that lists the known ones. */
// biome-ignore lint/suspicious/noExplicitAny: a kind's puzzle and answer types are its own
export function kindNamed(name: string): Kind<any, any> {
  const kind = kinds.get(name)
  if (!kind) throw new Error(`no puzzle kind '${name}'; known: ${[...kinds.keys()].join(', ')}`)
  return kind
}
