/** `@ptrm/web`: importing it defines `<ptrm-solver>`. It may be imported on a server, where the tag waits for its page. */
import { PtrmSolver } from './solver-element.ts'

export {
  browserAdapter,
  bundledModels,
  createSolver,
  KernelUnavailableError,
  type SolveEvent,
  type SolveOptions,
  type SolveResult,
} from '@ptrm/orchestrator/browser'
export { kinds } from '@ptrm/puzzles'
export type { PuzzleEdit } from './events.ts'
export type { Board } from './puzzle.ts'
export { PtrmSolver }

// By its full name, as tools look for it. On a server there is no registry.
if (globalThis.customElements && !customElements.get('ptrm-solver'))
  customElements.define('ptrm-solver', PtrmSolver)
