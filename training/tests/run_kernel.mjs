/** Runs a model file in the WASM kernel: boards (JSON list of {rows, columns, tokens} on stdin) in, logits, q and tokens per step out. */
import { readFileSync } from 'node:fs'
import { loadKernel, readModel } from '../../packages/core-wasm/dist/index.js'

const [path, steps] = [process.argv[2], Number(process.argv[3])]
const { config, tensors } = readModel(readFileSync(path))
const model = (await loadKernel()).load(config, tensors, { slots: 1 })
const boards = JSON.parse(readFileSync(0, 'utf8'))
const out = boards.map(({ rows, columns, tokens }) => {
  model.start(0, { rows, columns, tokens: Uint8Array.from(tokens) })
  return Array.from({ length: steps }, () => {
    const { tokens, q } = model.step(0)
    return { tokens: [...tokens], q, logits: [...model.logits(0)] }
  })
})
process.stdout.write(JSON.stringify(out))
