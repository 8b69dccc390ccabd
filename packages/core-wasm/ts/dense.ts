/** Writes the free weights of a tied model out as the plain TRM that they stand for, on boards of one size. */
import type { BoardSize, Tensor, Tie, TrmConfig } from './config.ts'
import { USUAL_BOARD } from './cost.ts'
import { boardMix } from './dense-board.ts'
import type { Matrix, SwiGlu, Weights } from './dense-matrix.ts'
import { planeMix, unitMix } from './dense-units.ts'
import { NoPlainTrmError } from './errors.ts'
import { checkLimits } from './limits.ts'
import type { Model } from './model-file.ts'
import type { Shapes } from './tensor-list.ts'
import { DIGITS, knowsRooms, tiedTensors } from './tie.ts'

/**
 * The plain TRM of a model on boards of rows x columns, as PyTorch, ONNX and official checkpoints have it: many more
 * weights and operations than the free ones, the same answers to rounding. A dense model is returned as it is.
 *
 * Throws `NoPlainTrmError` where the mix depends on the puzzle, RangeError for a board that the model does not take,
 * `ModelFormatError` (`too-large`) for a TRM of more weights or work than this build runs.
 */
export function denseModel(model: Model, rows: number, columns: number): Model {
  const { tie, ...rest } = model.config
  if (knowsRooms(tie))
    throw new NoPlainTrmError(
      "the model is no plain TRM: its cells take from one another by the borders of the puzzle's rooms, so that every " +
        'puzzle has weights of its own; run it by the kernel, or as an ONNX graph',
    )
  checkBoard(model.config, rows, columns)
  if (!tie) return model
  const config = { ...rest, seqLen: rows * columns, leastBoard: { rows, columns } }
  const free = new Set<string>()
  const matrices = new Map<string, Matrix>()
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `L_level.layers.${layer}`
    for (const [name] of tiedTensors(tie, config.prefix, at)) free.add(name)
    const weights: Weights = (name) => model.tensors.get(`${at}.${name}`)!
    for (const [name, { gateUp, down }] of Object.entries(
      mixes(tie, weights, config.prefix, rows, columns),
    )) {
      matrices.set(`${at}.${name}.gate_up_proj.weight`, gateUp)
      matrices.set(`${at}.${name}.down_proj.weight`, down)
    }
  }
  const kept = [...model.tensors].filter(([name]) => !free.has(name))
  const shapes: Shapes = new Map<string, { readonly shape: readonly number[] }>([...kept, ...matrices])
  checkLimits({ config, tensors: shapes }, model.recommended.steps)
  const written = [...matrices].map(([name, matrix]): [string, Tensor] => [name, written2d(matrix)])
  return { ...model, config, tensors: new Map([...kept, ...written]) }
}

/** The same on the board that a model's figures are told for, unless the caller names another: 9x9, or 10x10 where it takes any. */
export function writtenOut(model: Model, board?: BoardSize): Model {
  const { tie } = model.config
  const { rows, columns } = board ?? (tie?.name === 'units' ? NINE : USUAL_BOARD)
  return board || tie ? denseModel(model, rows, columns) : model
}

/**
 * A model for boards of one size, as its ONNX graph has it: written out, or free weights as they are where their mix depends
 * on the puzzle. Throws as `writtenOut`, but for `NoPlainTrmError`.
 */
export function sizedModel(model: Model, board?: BoardSize): Model {
  const { config } = model
  if (!knowsRooms(config.tie)) return writtenOut(model, board)
  if (!board && config.seqLen !== undefined) return model
  const { rows, columns } = board ?? USUAL_BOARD
  checkBoard(config, rows, columns)
  return { ...model, config: { ...config, seqLen: rows * columns, leastBoard: { rows, columns } } }
}

/** The mixes of a layer that are no plain SwiGLU in the file. */
function mixes(
  tie: Tie,
  weights: Weights,
  prefix: number,
  rows: number,
  columns: number,
): Readonly<Record<string, SwiGlu>> {
  if (tie.name === 'units') return { mlp_t: unitMix(tie, weights), mlp: planeMix(tie, weights) }
  return { mlp_t: boardMix(tie, weights, prefix, rows, columns) }
}

function checkBoard({ seqLen, leastBoard, tie }: TrmConfig, rows: number, columns: number): void {
  const found = `a board of ${rows}x${columns}`
  if (![rows, columns].every((side) => Number.isInteger(side) && side > 0))
    throw new RangeError(`${found}: wanted at least one row and one column`)
  const only = tie?.name === 'units' ? NINE : seqLen === undefined ? undefined : leastBoard
  if (only && (rows !== only.rows || columns !== only.columns))
    throw new RangeError(`${found}: the model takes boards of ${only.rows}x${only.columns} alone`)
  if (seqLen !== undefined && rows * columns !== seqLen)
    throw new RangeError(`${found}: the model takes boards of ${seqLen} cells alone`)
}
const NINE = { rows: DIGITS, columns: DIGITS }

function written2d({ shape, at }: Matrix): Tensor {
  const [rows, columns] = shape
  const data = new Float32Array(rows * columns)
  for (let row = 0, to = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) data[to++] = at(row, column)
  return { shape, data }
}
