/** A puzzle of Nurikabe to begin with. */
import type { Kind } from '../../kind.ts'

export const examples: Kind<never, never>['examples'] = [
  {
    text: 'https://puzz.link/p?nurikabe/6/6/g2g3r4n3l3i',
    answer: '.-#-../######/#.#.-#/#.#..#/#-####/##-..#',
  },
]
