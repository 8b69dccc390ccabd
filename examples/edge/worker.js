import wasmModule from '@ptrm/core-wasm/simd128.wasm'
import modelBytes from '@ptrm/models/sudoku-2.safetensors'
import { createSolver } from '@ptrm/orchestrator/edge'

const solver = await createSolver({ wasmModule, modelBytes, kind: 'sudoku' })

/** @param {Request} request */
async function fetch({ url, signal }) {
  try {
    const text = new URL(url).searchParams.get('puzzle') ?? ''
    const { status, puzzle, answer, q } = await solver.solve(text, { rollouts: 16, seed: 1, signal })
    return Response.json({ status, q, answer: answer && solver.kind.answerToLine(puzzle, answer) })
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 400 })
  }
}
export default { fetch }
