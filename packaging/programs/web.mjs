// On a server the element may be imported; it waits for its page.
import { createSolver, PtrmSolver } from '@ptrm/web'

if (typeof PtrmSolver !== 'function' || typeof createSolver !== 'function')
  throw new Error('a part is missing')
console.log('done')
