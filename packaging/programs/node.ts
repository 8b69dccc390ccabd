/** Compiled strictly, with the libraries checked: the packages' types must stand by themselves. */
import * as checkpoints from '@ptrm/checkpoints'
import * as kernel from '@ptrm/core-wasm'
import * as evaluation from '@ptrm/eval'
import * as parity from '@ptrm/eval/parity'
import * as models from '@ptrm/models'
import { createSolver } from '@ptrm/orchestrator'
import * as onnx from '@ptrm/orchestrator/onnx'
import * as puzzles from '@ptrm/puzzles'
import * as server from '@ptrm/server'

const solver = await createSolver({ model: 'sudoku', workers: 2 })
const { status } = await solver.solve('52......7.9..', { rollouts: 64, seed: 1 })
const solved: boolean = status === 'verified'
await solver.close()
export const used: unknown[] = [
  solved,
  checkpoints,
  kernel,
  evaluation,
  parity,
  models,
  onnx,
  puzzles,
  server,
]
