/** Compiled strictly, with the libraries checked and no types of Node: what a worker at the edge uses. */
import { kernelFrom, type WasmSource } from '@ptrm/core-wasm'
import { createPool } from '@ptrm/orchestrator'
import { createSolver } from '@ptrm/orchestrator/edge'

declare const wasmModule: WebAssembly.Module
const source: WasmSource = wasmModule
const pool = await createPool({ workers: 0, wasmModule: { simd128: wasmModule } })
const solver = await createSolver({ pool, modelBytes: new ArrayBuffer(8), kind: 'sudoku' })
const { puzzle, answer } = await solver.solve('52......7.9..', { rollouts: 16, seed: 1 })
export const used: unknown[] = [
  await kernelFrom('simd128', source),
  answer && solver.kind.answerToLine(puzzle, answer),
]
