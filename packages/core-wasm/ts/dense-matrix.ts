/** What the mixes of a tie are written out as: matrices whose entries are computed when they are asked for. */
import type { Tensor } from './config.ts'

/** Weights as a function of row and column, with their number; nothing is computed before it is asked for. */
export interface Matrix {
  readonly shape: readonly [rows: number, columns: number]
  readonly at: (row: number, column: number) => number
}

/** The two products of a SwiGLU: gate_up [2 inner, in], gates first, and down [out, inner]. */
export interface SwiGlu {
  readonly gateUp: Matrix
  readonly down: Matrix
}

/** A free weight of a layer by its name there. Throws for a name that the layer does not have. */
export type Weights = (name: string) => Tensor
