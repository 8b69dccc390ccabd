/** Entry of a Node worker thread with the quick engine. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { workerBody } from '../src/pool/worker.ts'
import { quickEngine } from './quick-engine.ts'

const hear = workerBody({
  post: (message) => parentPort!.postMessage(message),
  pause: () => setImmediate(),
  makeEngine: async () => quickEngine(),
})
parentPort!.on('message', hear)
