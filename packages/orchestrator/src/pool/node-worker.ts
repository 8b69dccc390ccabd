/** Entry of a Node worker thread: opens the engine that its `workerData` names. */
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { engineNamed } from '../engines/registry.ts'
import type { EngineSpec } from '../engines/spec.ts'
import { openModel } from '../model.ts'
import { LEAVE, type WorkerEngine } from './node.ts'
import type { ToWorker } from './protocol.ts'
import { workerBody } from './worker.ts'

const port = parentPort
if (!port) throw new Error('node-worker runs in a worker thread')
const { name, module, options } = workerData as WorkerEngine
const hear = workerBody({
  post: (message) => port.postMessage(message),
  pause: () => setImmediate(),
  makeEngine: async (kernel, bytes) => (await specOf()).open({ kernel, model: openModel(bytes), options }),
})
port.on('message', (message: ToWorker | typeof LEAVE) => {
  if (message === LEAVE) process.exit() // of this thread alone
  hear(message)
})

async function specOf(): Promise<EngineSpec> {
  if (module === undefined) return engineNamed(name)
  return ((await import(module)) as { readonly engine: EngineSpec }).engine
}
