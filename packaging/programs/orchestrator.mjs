import { createSolver } from '@ptrm/orchestrator'
import '@ptrm/orchestrator/browser'
import '@ptrm/orchestrator/edge'
import '@ptrm/orchestrator/onnx'

const solver = await createSolver({ model: 'sudoku', backend: 'wasm', workers: 2 })
const puzzle = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const { status } = await solver.solve(puzzle, { seed: 1 })
await solver.close()
if (status !== 'verified') throw new Error(status)
console.log('done')
