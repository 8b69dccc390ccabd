/** Entry of a Node worker thread that dies on order. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { workerApi } from '../src/pool/worker.ts'
import { crashingApi } from './crashing-api.ts'

const api = workerApi(() => setImmediate())
expose(
  crashingApi(api, () => process.exit(7)),
  nodeEndpoint(parentPort!),
)
