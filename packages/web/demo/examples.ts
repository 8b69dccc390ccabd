/** The page's examples: one of each kind in which noise matters, then those that the kinds come with. */
import { DEFAULT_KIND, kindNamed, kinds } from '@ptrm/puzzles'
import chosen from './examples.json' with { type: 'json' }

/** As `npm run examples` writes it: of so many tries so many end right, and the one without noise does not. */
export interface Example {
  readonly kind: string
  readonly puzzle: string
  readonly right: number
  readonly of: number
  readonly model: string
}

/** Names and texts, the kind of most people first. */
export const EXAMPLES: readonly { readonly name: string; readonly text: string }[] = [
  ...(chosen as readonly Example[]).map(({ kind, puzzle, right, of }) => ({
    name: `${kindNamed(kind).title}, ${right} of ${of} right`,
    text: puzzle,
    kind,
  })),
  ...[...kinds.values()].flatMap(({ name: kind, title, examples }) =>
    examples
      .filter(({ text }) => !chosen.some(({ puzzle }) => puzzle === text))
      .map(({ about, text }) => ({ name: about ? `${title}, ${about}` : `${title}, small`, text, kind })),
  ),
].toSorted((a, b) => Number(b.kind === DEFAULT_KIND) - Number(a.kind === DEFAULT_KIND))
