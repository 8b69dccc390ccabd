/** All puzzle kinds by name. */
import type { AnyKind } from './kind.ts'
import { lightup } from './lightup/index.ts'
import { shakashaka } from './shakashaka/index.ts'
import { sudoku } from './sudoku/index.ts'

export const kinds: ReadonlyMap<string, AnyKind> = new Map<string, AnyKind>([
  [sudoku.name, sudoku],
  [lightup.name, lightup],
  [shakashaka.name, shakashaka],
])

/** The kind of this name. Throws an Error that lists the known ones. */
export function kindNamed(name: string): AnyKind {
  const kind = kinds.get(name)
  if (!kind) throw new Error(`no puzzle kind '${name}'; known: ${[...kinds.keys()].join(', ')}`)
  return kind
}
