/** A puzzle of Shakashaka to begin with. */
import type { Kind } from '../../kind.ts'

export const examples: Kind<never, never>['examples'] = [
  {
    text: 'https://puzz.link/p?shakashaka/6/6/g.ldp.h.p1',
    answer: '.-.◤◥./◤◥-◣◢./◣.◥.◤◥/.◣◢-◣◢/-◤◥◤◥./.◣◢◣◢-',
  },
]
