/** Entry of a Node worker thread that runs many rollouts in one onnxruntime session. */
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { instantiateKernel, readModel } from '@ptrm/core-wasm'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { OnnxEngine, type OnnxEngineOptions } from '../engines/onnx/engine.ts'
import { LEAVE } from './node.ts'
import { workerApi } from './worker.ts'

if (!parentPort) throw new Error('onnx-worker runs in a worker thread')
const options = workerData as OnnxEngineOptions
parentPort.on('message', (message: unknown) => {
  if (message === LEAVE) process.exit() // of this thread alone
})
expose(
  workerApi(
    () => setImmediate(),
    async (source, bytes) =>
      OnnxEngine.create(await instantiateKernel(source), readModel(bytes), options, source),
  ),
  nodeEndpoint(parentPort),
)
