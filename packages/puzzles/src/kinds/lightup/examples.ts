/** A puzzle of Light Up to begin with. */
import type { Kind } from '../../kind.ts'

export const examples: Kind<never, never>['examples'] = [
  {
    text: 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.',
    answer: '.o..../o-..o./..-o../-.o-.o/.o..-./-..o.-',
  },
]
