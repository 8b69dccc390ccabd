/** Entry of a Node worker thread: opens the engine that its `workerData` names. */
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { engineNamed } from '../engines/registry.ts'
import type { EngineSpec } from '../engines/spec.ts'
import { openModel } from '../model.ts'
import { LEAVE, type WorkerEngine } from './node.ts'
import { exposeWorker, workerApi } from './worker.ts'

if (!parentPort) throw new Error('node-worker runs in a worker thread')
const { name, module, options } = workerData as WorkerEngine
parentPort.on('message', (message: unknown) => {
  if (message === LEAVE) process.exit() // of this thread alone
})
exposeWorker(
  workerApi(
    () => setImmediate(),
    async (kernel, bytes) => (await specOf()).open({ kernel, model: openModel(bytes), options }),
  ),
  nodeEndpoint(parentPort),
)

async function specOf(): Promise<EngineSpec> {
  if (module === undefined) return engineNamed(name)
  return ((await import(module)) as { readonly engine: EngineSpec }).engine
}
