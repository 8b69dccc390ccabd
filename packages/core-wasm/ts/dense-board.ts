/** The token mix of the tie `board` as a dense SwiGLU: what a hidden cell sees of each cell of a board. */
import type { Tensor } from './config.ts'
import type { SwiGlu, Weights } from './dense-matrix.ts'
import { type BoardTie, TAPS } from './tie.ts'

/** Each cell of a ray weighs half of the one before. */
const DECAY = 0.5
/** Places of the rays among the taps, behind the nine of the cells around. */
const [RIGHT, BELOW, LEFT, ABOVE] = [9, 10, 11, 12] as const

/**
 * Hidden units are `types` times the cells, then those of the whole board. gate_up [2 hidden, prefix + cells], down
 * [prefix + cells, hidden].
 */
export function boardMix(
  { types, boardUnits }: BoardTie,
  weights: Weights,
  prefix: number,
  rows: number,
  columns: number,
): SwiGlu {
  const cells = rows * columns
  const side = Math.sqrt(cells)
  const local = types * cells
  const hidden = local + boardUnits
  const kernels = weights('board.kernels')
  const [prefixIn, prefixOut] = [entry(weights('board.prefix_in')), entry(weights('board.prefix_out'))]
  const [boardIn, boardOut] = [weights('board.board_in').data, weights('board.board_out').data]
  const boardPrefixIn = entry(weights('board.board_prefix_in'))
  const boardPrefixOut = entry(weights('board.board_prefix_out'))
  /** What the hidden cell `from` of a type sees of the cell `to`, by the kernels of gate, up or down. */
  const look = (which: number, type: number, from: number, to: number) => {
    const down = Math.floor(to / columns) - Math.floor(from / columns)
    return seen(kernels, which * types + type, down, (to % columns) - (from % columns))
  }
  return {
    gateUp: {
      shape: [2 * hidden, prefix + cells],
      at(row, column) {
        const half = row < hidden ? 0 : 1
        const unit = row % hidden
        if (unit >= local) {
          const own = half * boardUnits + unit - local
          return column < prefix ? boardPrefixIn(own, column) : boardIn[own]! / side
        }
        const type = Math.floor(unit / cells)
        return column < prefix
          ? prefixIn(half * types + type, column)
          : look(half, type, unit % cells, column - prefix)
      },
    },
    down: {
      shape: [prefix + cells, hidden],
      at(row, unit) {
        const type = Math.floor(unit / cells)
        if (row < prefix)
          return unit < local ? prefixOut(row, type) / side : boardPrefixOut(row, unit - local)
        return unit < local ? look(2, type, row - prefix, unit % cells) : boardOut[unit - local]!
      },
    },
  }
}

/** The weight on the cell that lies so far down and to the right: of the cells around, and of the rays. */
function seen({ data }: Tensor, kernel: number, down: number, right: number): number {
  const tap = (place: number) => data[kernel * TAPS + place]!
  const near = Math.abs(down) <= 1 && Math.abs(right) <= 1 ? tap(3 * (down + 1) + right + 1) : 0
  const far = (place: number, along: number) => near + tap(place) * DECAY ** (along - 1)
  if (down === 0 && right !== 0) return right > 0 ? far(RIGHT, right) : far(LEFT, -right)
  if (right === 0 && down !== 0) return down > 0 ? far(BELOW, down) : far(ABOVE, -down)
  return near
}

function entry({ shape, data }: Tensor): (row: number, column: number) => number {
  const width = shape[1]!
  return (row, column) => data[row * width + column]!
}
