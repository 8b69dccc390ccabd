/** `@ptrm/web/react`: `<ptrm-solver>` for the JSX of React 19. Types alone, so `import type {} from '@ptrm/web/react'`. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { SolverJsx } from './jsx.ts'
import type { PtrmSolver } from './solver-element.ts'

export type SolverTag = DetailedHTMLProps<HTMLAttributes<PtrmSolver>, PtrmSolver> & SolverJsx

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ptrm-solver': SolverTag
    }
  }
}
