/** Entry of a Node worker thread that dies on order. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { exposeWorker, workerApi } from '../src/pool/worker.ts'
import { crashingApi } from './crashing-api.ts'

const api = workerApi(() => setImmediate())
exposeWorker(
  crashingApi(api, () => process.exit(7)),
  nodeEndpoint(parentPort!),
)
