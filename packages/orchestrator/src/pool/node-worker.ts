/** Entry of a Node worker thread. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { workerApi } from './worker.ts'

if (!parentPort) throw new Error('node-worker runs in a worker thread')
expose(
  workerApi(() => setImmediate()),
  nodeEndpoint(parentPort),
)
