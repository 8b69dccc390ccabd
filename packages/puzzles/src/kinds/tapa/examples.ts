/** A puzzle of Tapa to begin with. */
import type { Kind } from '../../kind.ts'

export const examples: Kind<never, never>['examples'] = [
  {
    text: 'https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2',
    answer: '-#-.-./-#-#../######/-#.#-#/.####./..#-#-',
  },
]
