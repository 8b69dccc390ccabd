/** `@ptrm/web/preact`: `<ptrm-solver>` for Preact's JSX. Types alone, so `import type {} from '@ptrm/web/preact'`. */
import type { HTMLAttributes } from 'preact'
import type { SolverJsx } from './jsx.ts'
import type { PtrmSolver } from './solver-element.ts'

export type SolverTag = HTMLAttributes<PtrmSolver> & SolverJsx

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'ptrm-solver': SolverTag
    }
  }
}
