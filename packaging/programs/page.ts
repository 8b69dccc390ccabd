/** Compiled strictly, with the libraries checked and no types of Node: what a page uses. */
import * as kernel from '@ptrm/core-wasm'
import * as models from '@ptrm/models'
import { browserAdapter, createSolver } from '@ptrm/orchestrator/browser'
import * as puzzles from '@ptrm/puzzles'
import { PtrmSolver } from '@ptrm/web'

const adapter = browserAdapter(() => new Worker('worker.js', { type: 'module' }))
const solver = await createSolver({ modelUrl: 'model.safetensors', wasmUrl: 'kernel.wasm', adapter })
const { status } = await solver.solve('52......7.9..', { rollouts: 64, seed: 1 })
const solved: boolean = status === 'verified'
const element: PtrmSolver = document.createElement('ptrm-solver')
element.puzzle = '52......7.9..'
export const used: unknown[] = [solved, kernel, models, puzzles, PtrmSolver]
