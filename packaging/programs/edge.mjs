/** Prints what rollouts come to without workers, by kernel and way in; `threads` behind it: on worker threads. */
import { readFile } from 'node:fs/promises'
import { bestVariant } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { createSolver as createNodeSolver } from '@ptrm/orchestrator'
import { createSolver as createEdgeSolver } from '@ptrm/orchestrator/edge'
import { rolloutsOf } from './rollouts.mjs'

const modelBytes = await readFile(bundledModel('sudoku').weights)
const onThreads = { main: (options) => createNodeSolver({ workers: 2, backend: 'wasm', ...options }) }
const here = {
  main: (options) => createNodeSolver({ workers: 0, ...options }),
  edge: (options) => createEdgeSolver({ modelBytes, ...options }),
}
const ways = process.argv[2] === 'threads' ? onThreads : here
const variants = (await bestVariant()) === 'relaxed' ? ['simd128', 'relaxed'] : ['simd128']
const found = {}
for (const kernelVariant of variants)
  for (const [name, make] of Object.entries(ways)) {
    const solver = await make({ kernelVariant })
    found[`${kernelVariant}, ${name}`] = await rolloutsOf(solver)
    await solver.close()
  }
console.log(JSON.stringify(found))
