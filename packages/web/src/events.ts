/** The element's events, for TypeScript: `addEventListener` knows their details. */
import type { Candidate, SolveResult, StepEvent } from '@ptrm/orchestrator/browser'
import type { PtrmSolver } from './solver-element.ts'

/** `ptrm-puzzle`: someone wrote into a cell. */
export interface PuzzleEdit {
  readonly kind: string
  /** The puzzle as a puzz.link URL. */
  readonly url: string
}

/** The events by name; what they say is their `detail`. */
export interface SolverEventMap {
  'ptrm-puzzle': CustomEvent<PuzzleEdit>
  'ptrm-step': CustomEvent<StepEvent>
  'ptrm-rollout': CustomEvent<{ readonly candidate: Candidate }>
  'ptrm-solved': CustomEvent<SolveResult>
  'ptrm-unsolved': CustomEvent<SolveResult>
  'ptrm-stopped': CustomEvent<undefined>
  'ptrm-error': CustomEvent<Error>
}

declare global {
  interface HTMLElementTagNameMap {
    'ptrm-solver': PtrmSolver
  }
  interface HTMLElementEventMap extends SolverEventMap {}
}
