// Bundled without a word about the files beside the scripts. Collects what is said where one after the other is given.
import { browserAdapter, createSolver } from '@ptrm/orchestrator/browser'

const puzzle = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const given = { modelUrl: 'model.safetensors', wasmUrl: 'kernel.wasm' }

async function messageWith(options) {
  try {
    const solver = await createSolver({ workers: 1, ...options })
    await solver.solve(puzzle, { rollouts: 1 }).finally(() => solver.close())
    return 'solved'
  } catch (error) {
    return `${error.name}: ${error.message}`
  }
}

async function collect() {
  const nothing = await messageWith({})
  const model = await messageWith({ modelUrl: given.modelUrl })
  const modelAndKernel = await messageWith(given)
  const adapter = browserAdapter(() => new Worker('nowhere.js', { type: 'module' }))
  const badWorker = await messageWith({ ...given, adapter })
  return { nothing, model, modelAndKernel, badWorker }
}

collect().then((messages) => {
  globalThis.messages = messages
})
