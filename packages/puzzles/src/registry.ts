/** All puzzle kinds by name. */

import type { AnyKind } from './kind.ts'
import { heyawake } from './kinds/heyawake/index.ts'
import { lightup } from './kinds/lightup/index.ts'
import { nurikabe } from './kinds/nurikabe/index.ts'
import { shakashaka } from './kinds/shakashaka/index.ts'
import { sudoku } from './kinds/sudoku/index.ts'
import { tapa } from './kinds/tapa/index.ts'

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
