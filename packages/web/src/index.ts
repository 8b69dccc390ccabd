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

const registry = globalThis.customElements
if (registry && !registry.get('ptrm-solver')) registry.define('ptrm-solver', PtrmSolver)
