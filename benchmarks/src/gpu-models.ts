/** What the bench on a GPU runs: two bundled models and a TRM of the official size, as files for both sides, with boards and sums. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toPyTorch } from '@ptrm/checkpoints'
import { type BoardSize, type Model, sizedModel, stepCost, type TokenBoard } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { mulberry32, OFFICIAL, randomTrm } from './random-trm.ts'
import { bundledSubject } from './subjects.ts'

/** What a puzzle is counted as: all of its rollouts to their ends. */
export interface PuzzlePlan {
  readonly rollouts: number
  readonly steps: number
}

export type GpuModelName = 'tapa' | 'sudoku' | 'official'

/** A model with all that a contender must know of it. */
export interface GpuModel {
  readonly name: GpuModelName
  /** In words, with its size. */
  readonly title: string
  /** Of one size. */
  readonly board: BoardSize
  /** Tokens, each [cells]. */
  readonly boards: readonly (readonly number[])[]
  /** As it is shipped. */
  readonly file: string
  /** The plain TRM that it stands for, as PyTorch reads it. */
  readonly denseFile: string
  /** Weights of the plain TRM. */
  readonly denseWeights: number
  readonly netCalls: number
  /** Of the plain TRM, on which both sides run: multiplications and additions of the products of one rollout-step. */
  readonly flopsPerRolloutStep: number
  /** Steps that one pass of the bench takes. */
  readonly steps: number
  readonly sigma: number
  readonly puzzle: PuzzlePlan
}

/** The paper's figures for the official size are of K = 100 and D = 48; what bundled models recommend is of this order. */
const OFFICIAL_PUZZLE: PuzzlePlan = { rollouts: 100, steps: 48 }
export const BUNDLED_PUZZLE: PuzzlePlan = { rollouts: 64, steps: 16 }

const BUNDLED_BOARDS = 16
/** Fewer, as a step of one takes a CPU a second. */
const OFFICIAL_BOARDS = 4

/** Writes the files. The caller removes them by `close`. */
export function makeModels(steps: Readonly<Record<GpuModelName, number>>): {
  models: ReadonlyMap<GpuModelName, GpuModel>
  close(): void
} {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-bench-gpu-'))
  const made = [
    bundled('tapa', folder, steps.tapa),
    bundled('sudoku', folder, steps.sudoku),
    official(folder, steps.official),
  ]
  return {
    models: new Map(made.map((model) => [model.name, model])),
    close: () => rmSync(folder, { recursive: true }),
  }
}

function bundled(name: 'tapa' | 'sudoku', folder: string, steps: number): GpuModel {
  const { model, boards, name: title } = bundledSubject(name, BUNDLED_BOARDS)
  const file = fileURLToPath(bundledModel(name)!.weights)
  const whole: Model = { kind: name, recommended: {}, ...model }
  return { title, file, steps, puzzle: BUNDLED_PUZZLE, ...asDense(name, whole, boards, folder) }
}

function official(folder: string, steps: number): GpuModel {
  const { config, tensors } = randomTrm(OFFICIAL, 1)
  const random = mulberry32(2)
  const boards = Array.from({ length: OFFICIAL_BOARDS }, (): TokenBoard => {
    const tokens = Uint8Array.from({ length: 81 }, () => 1 + Math.floor(random() * 10))
    return { rows: 9, columns: 9, tokens }
  })
  const dense = asDense('official', { kind: 'sudoku', config, tensors, recommended: {} }, boards, folder)
  const title = `official size (d ${OFFICIAL.hiddenSize}, H ${OFFICIAL.hCycles}, L ${OFFICIAL.lCycles}), random weights`
  return { title, file: dense.denseFile, steps, puzzle: OFFICIAL_PUZZLE, ...dense }
}

function asDense(name: GpuModelName, given: Model, boards: readonly TokenBoard[], folder: string) {
  const { rows, columns } = boards[0]!
  const dense = sizedModel(given, { rows, columns })
  const denseFile = join(folder, `${name}.safetensors`)
  writeFileSync(denseFile, Buffer.concat([...toPyTorch(dense, { prefix: '', board: { rows, columns } })]))
  const { netCalls, flops } = stepCost(dense, rows * columns)
  return {
    ...{ name, denseFile, netCalls, board: { rows, columns }, flopsPerRolloutStep: flops },
    boards: boards.map(({ tokens }) => [...tokens]),
    denseWeights: [...dense.tensors.values()].reduce((sum, { data }) => sum + data.length, 0),
    sigma: 0.3,
  }
}
