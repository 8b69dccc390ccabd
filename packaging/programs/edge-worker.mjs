/** A worker that answers what rollouts come to on the kernel that its address names. */
import relaxed from '@ptrm/core-wasm/relaxed.wasm'
import simd128 from '@ptrm/core-wasm/simd128.wasm'
import modelBytes from '@ptrm/models/sudoku-2.safetensors'
import { createPool, createSolver } from '@ptrm/orchestrator'
import { rolloutsOf } from './rollouts.mjs'

const wasmModule = { simd128, relaxed }
const solvers = {}
for (const kernelVariant of ['simd128', 'relaxed']) {
  const pool = await createPool({ workers: 0, wasmModule, kernelVariant })
  solvers[kernelVariant] = await createSolver({ modelBytes, pool })
}

export default {
  async fetch({ url }) {
    return Response.json(await rolloutsOf(solvers[new URL(url).pathname.slice(1)]))
  },
}
