/** What a step of a model costs, counted from its sizes. */
import { type BoardSize, fixedLength, type Tie, type TrmConfig } from './config.ts'
import type { Shapes } from './tensor-list.ts'
import { DIGITS, tapsOf, UNITS } from './tie.ts'

/** A network by its sizes; its weights are not looked at. */
export interface Sizes {
  readonly config: TrmConfig
  readonly tensors: Shapes
}

/** What one deep recursion step of one rollout takes. */
export interface StepCost {
  /** Calls of the network in one deep recursion step: H_cycles * (L_cycles + 1). */
  readonly netCalls: number
  /** Floating point operations of one step of one rollout: 2 * M * N * K of every product of weights; the rest is not counted. */
  readonly flops: number
}

/** The board that figures are told for where a model takes any. */
export const USUAL_BOARD: BoardSize = { rows: 10, columns: 10 }

/**
 * The board that a model's figures are told for: its only one, the least that it takes, or one of 10x10. A board of one
 * row where a model tells its length alone and that is no square's.
 */
export function usualBoard({ seqLen, leastBoard }: Pick<TrmConfig, 'seqLen' | 'leastBoard'>): BoardSize {
  const named = leastBoard ?? USUAL_BOARD
  if (seqLen === undefined || seqLen === named.rows * named.columns) return named
  const side = Math.round(Math.sqrt(seqLen))
  return side * side === seqLen ? { rows: side, columns: side } : { rows: 1, columns: seqLen }
}

/** Its cells. */
export function usualCells(config: Pick<TrmConfig, 'seqLen' | 'leastBoard'>): number {
  const { rows, columns } = usualBoard(config)
  return rows * columns
}

/** Operations of one step on a board of so many cells. */
export function stepCost({ config, tensors }: Sizes, cells: number = usualCells(config)): StepCost {
  const { hiddenSize: d, layers, vocabSize, hCycles, lCycles } = config
  const rows = rowsOf(config, cells)
  const netCalls = hCycles * (lCycles + 1)
  const { token, channel } = innerWidths({ config, tensors })
  const layer = config.tie
    ? tiedLayer(config, config.tie, channel, cells)
    : denseLayer(config, token, rows) + 6 * rows * d * channel
  return { netCalls, flops: netCalls * layers * layer + 2 * cells * d * vocabSize }
}

/** The token mix. Attention: q, k, v and output projections, then scores and their product with v. */
function denseLayer({ mlpT, hiddenSize: d }: TrmConfig, token: number, rows: number): number {
  return mlpT ? 6 * rows * d * token : 8 * rows * d * d + 4 * rows * rows * d
}

/** Both mixes on free weights, as `tie.ts` has them: two operations a weight and place, one a sum. */
function tiedLayer({ hiddenSize: d, prefix }: TrmConfig, tie: Tie, channel: number, cells: number): number {
  if (tie.name === 'board') {
    const { types, boardUnits, rooms } = tie
    const looks = 3 * 2 * tapsOf(tie) * types * cells * d
    // Running sums, of the cells and of what they give: rays; with rooms those that end at borders, and the rooms' own.
    const rays = 2 * (rooms ? 4 * 2 + 4 * 2 + 1 : 4 * 2) * cells * d
    const prefixes = 3 * 2 * types * prefix * d
    const board = 2 * cells * d + 3 * 2 * boardUnits * (1 + prefix) * d
    return looks + rays + prefixes + board + 6 * (prefix + cells) * d * channel
  }
  const { plane, shared, planeInner, sharedInner, unitHidden, boardHidden } = tie
  const sums = 2 * UNITS * DIGITS * d // of units, and back to their cells
  const hidden = 3 * 2 * 3 * UNITS * unitHidden * d + 3 * 2 * 2 * boardHidden * d
  const common = (plane + shared) * (planeInner + sharedInner)
  return sums + hidden + 3 * 2 * (prefix + cells) * (DIGITS * plane * planeInner + common)
}

/** Rows T of a latent on a board of so many cells; of the model's own where it fixes them, else a RangeError. */
export function rowsOf(
  config: Pick<TrmConfig, 'prefix' | 'seqLen'>,
  cells: number = fixedLength(config),
): number {
  return config.prefix + cells
}

/**
 * Inner widths of the two SwiGLUs, of the widest layer (as a rule they are all alike); 0 where there is none, as for a mix
 * on free weights.
 */
export function innerWidths({ config, tensors }: Sizes): { token: number; channel: number } {
  const inner = (mix: string) => {
    let widest = 0
    for (let layer = 0; layer < config.layers; layer++) {
      const height = tensors.get(`L_level.layers.${layer}.${mix}.gate_up_proj.weight`)?.shape[0] ?? 0
      widest = Math.max(widest, height / 2)
    }
    return widest
  }
  return { token: inner('mlp_t'), channel: inner('mlp') }
}
