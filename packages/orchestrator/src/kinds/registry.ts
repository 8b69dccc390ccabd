/** All puzzle kinds by name. */
import { heyawake } from './heyawake/index.ts'
import type { AnyKind } from './kind.ts'
import { lightup } from './lightup/index.ts'
import { nurikabe } from './nurikabe/index.ts'
import { shakashaka } from './shakashaka/index.ts'
import { sudoku } from './sudoku/index.ts'
import { tapa } from './tapa/index.ts'

export const kinds: ReadonlyMap<string, AnyKind> = new Map<string, AnyKind>([
  [sudoku.name, sudoku],
  [lightup.name, lightup],
  [nurikabe.name, nurikabe],
  [heyawake.name, heyawake],
  [tapa.name, tapa],
  [shakashaka.name, shakashaka],
])

/** The kind of this name. Throws an Error that lists the known ones. */
export function kindNamed(name: string): AnyKind {
  const kind = kinds.get(name)
  if (!kind) throw new Error(`no puzzle kind '${name}'; known: ${[...kinds.keys()].join(', ')}`)
  return kind
}
