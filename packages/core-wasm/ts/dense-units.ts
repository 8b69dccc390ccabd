/** Both mixes of the tie `units` (Sudoku) as dense SwiGLUs: by rows, columns and boxes, and by digits. */
import type { Tensor, Tie } from './config.ts'
import type { Matrix, SwiGlu, Weights } from './dense-matrix.ts'
import { DIGITS, UNITS } from './tie.ts'

type Units = Tie & { readonly name: 'units' }

const CELLS = DIGITS * DIGITS
/** Sorts of units, each with weights of its own: rows and columns are alike. */
const [LINE, BOX] = [0, 1] as const
/** Units 0-8 are rows, 9-17 columns, 18-26 boxes. */
const sortOf = (unit: number) => (unit < 2 * DIGITS ? LINE : BOX)

/**
 * The token mix over one row of prefix and 81 cells. Hidden units: `unitHidden` of each of the 27 units, then those of the
 * whole board.
 */
export function unitMix({ unitHidden: c, boardHidden: g }: Units, weights: Weights): SwiGlu {
  const own = UNITS * c
  const hidden = own + g
  const of = (name: string) => weights(`units.${name}`).data
  const [unitIn, allIn, prefixIn] = [of('unit_in'), of('all_in'), of('prefix_in')]
  const [globalIn, globalPrefixIn] = [of('global_in'), of('global_prefix_in')]
  const [unitOut, allOut, prefixOut] = [of('unit_out'), of('all_out'), of('prefix_out')]
  const [globalOut, globalPrefixOut] = [of('global_out'), of('global_prefix_out')]
  return {
    gateUp: {
      shape: [2 * hidden, 1 + CELLS],
      at(row, column) {
        const half = row < hidden ? 0 : 1
        const place = row % hidden
        if (place >= own) {
          const at = half * g + place - own
          return column === 0 ? globalPrefixIn[at]! : globalIn[at]! / 9
        }
        const unit = Math.floor(place / c)
        const at = (2 * half + sortOf(unit)) * c + (place % c)
        if (column === 0) return prefixIn[at]!
        return allIn[at]! / 9 + (contains(unit, column - 1) ? unitIn[at]! / 3 : 0)
      },
    },
    down: {
      shape: [1 + CELLS, hidden],
      at(row, place) {
        if (place >= own) return row === 0 ? globalPrefixOut[place - own]! : globalOut[place - own]!
        const unit = Math.floor(place / c)
        const at = sortOf(unit) * c + (place % c)
        if (row === 0) return prefixOut[at]! / Math.sqrt(UNITS)
        const all = allOut[at]! / Math.sqrt(UNITS)
        return all + (contains(unit, row - 1) ? unitOut[at]! / Math.sqrt(3) : 0)
      },
    },
  }
}

/** Whether a row, column or box has this cell. */
function contains(unit: number, cell: number): boolean {
  const [row, column] = [Math.floor(cell / DIGITS), cell % DIGITS]
  const box = 3 * Math.floor(row / 3) + Math.floor(column / 3)
  return unit === row || unit === DIGITS + column || unit === 2 * DIGITS + box
}

/** The channel mix: 9 planes of channels, one a digit, then the shared ones. */
export function planeMix(tie: Units, weights: Weights): SwiGlu {
  const { plane: m, shared: s, planeInner: p, sharedInner: r } = tie
  const [gate, up] = [planeMap(weights, 'gate', m, s, p, r), planeMap(weights, 'up', m, s, p, r)]
  const inner = DIGITS * p + r
  return {
    gateUp: {
      shape: [2 * inner, DIGITS * m + s],
      at: (row, column) => (row < inner ? gate : up).at(row % inner, column),
    },
    down: planeMap(weights, 'down', p, r, m, s),
  }
}

/**
 * A linear map from (9 planes of m, s shared) to (9 planes of p, r shared) channels that commutes with the digits: within a
 * plane (A), from the sum of the planes (B), from the shared channels (C), and back (E, D). [9 p + r, 9 m + s]
 */
function planeMap(weights: Weights, name: string, m: number, s: number, p: number, r: number): Matrix {
  const of = (part: string): Tensor['data'] => weights(`planes.${name}.${part}`).data
  const [A, B, C, E, D] = [of('A'), of('B'), of('C'), of('E'), of('D')]
  const [from, to] = [DIGITS * m, DIGITS * p]
  return {
    shape: [to + r, from + s],
    at(row, column) {
      if (row >= to)
        return column < from ? E[(row - to) * m + (column % m)]! : D[(row - to) * s + column - from]!
      const out = row % p
      if (column >= from) return C[out * s + column - from]!
      const within = Math.floor(row / p) === Math.floor(column / m) ? A[out * m + (column % m)]! : 0
      return within + B[out * m + (column % m)]!
    },
  }
}
