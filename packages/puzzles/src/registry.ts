/** All puzzle kinds by name, with the types of their puzzles and answers. The list itself is `kinds/index.ts`. */
import { UnknownKindError } from './errors.ts'
import type { AnyKind, Kind } from './kind.ts'
import * as registered from './kinds/index.ts'

type Registered = typeof registered

/** The name of a kind: `'sudoku'`, `'lightup'`, ... */
export type KindName = keyof Registered

/** What `parse` of the kind of this name returns. */
export type PuzzleOf<Name extends KindName> = Registered[Name] extends Kind<infer P, infer _> ? P : never

/** A filled board of the kind of this name. */
export type AnswerOf<Name extends KindName> = Registered[Name] extends Kind<infer _, infer A> ? A : never

/** What grids without a name are taken for, and pages begin with: the kind that most people know. */
export const DEFAULT_KIND: KindName = 'sudoku'

const byName: Readonly<Record<KindName, AnyKind>> = registered

export const kinds: ReadonlyMap<string, AnyKind> = new Map(Object.entries(byName))

/** The kind of this name. Throws `UnknownKindError`, which lists the known ones. */
export function kindNamed<Name extends KindName>(name: Name): Kind<PuzzleOf<Name>, AnswerOf<Name>>
export function kindNamed(name: string): AnyKind
export function kindNamed(name: string): AnyKind {
  const kind = kinds.get(name)
  if (!kind) throw new UnknownKindError(name, kinds.keys())
  return kind
}
