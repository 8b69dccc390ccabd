/** A puzzle of Heyawake to begin with. */
import type { Kind } from '../../kind.ts'

export const examples: Kind<never, never>['examples'] = [
  {
    text: 'https://puzz.link/p?heyawake/6/6/aaaeee00pg681h1g100',
    answer: '...#../..#..#/...#../.#..#./..#.../...#..',
  },
]
