/** What tests must know of a kind besides what it says itself. Each kind has it in its own folder: `test/support.ts`. */
import type fc from 'fast-check'
import type { AnyKind } from '../src/kind.ts'
import { kinds } from '../src/registry.ts'
import type { Layout, Move } from './layout.ts'
import type { Adapter } from './pzpr-adapter.ts'
import type { Choose } from './spelling.ts'

export interface KindSupport<P> {
  /** Random puzzles with sides from `least` to `most`, mostly without solution. */
  readonly puzzles: (least: number, most: number) => fc.Arbitrary<P>
  /** How many answer tokens there are, which count from 1. */
  readonly answers: number
  /** Where cells that want no answer have one: the answer with those alone. Without it they hold 0. */
  readonly givens?: (puzzle: P) => Uint8Array
  /** The body of the puzzle's URL with every number and run in one of its spellings; `body` is how we spell it. */
  readonly respell: (puzzle: P, choose: Choose, body: string) => string
  /** The puzzle turned, its cells as `layout` says. */
  readonly turn: (puzzle: P, layout: Layout) => P
  /** Answer tokens, by number, under a move. Without it none changes. */
  readonly turnedAnswers?: Readonly<Record<Move, readonly number[]>>
  /** Left out where pzpr does not know the kind. */
  readonly pzpr?: Adapter<P> | undefined
}

const supports = new Map<string, KindSupport<unknown>>()
for (const name of kinds.keys()) {
  const { support } = await import(`../src/kinds/${name}/test/support.ts`)
  supports.set(name, support)
}

export function supportOf({ name }: AnyKind): KindSupport<unknown> {
  return supports.get(name)!
}
