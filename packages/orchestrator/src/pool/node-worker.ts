/** Entry of a Node worker thread: opens the engine that its `workerData` names. */
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { LEAVE } from './node.ts'
import type { ToWorker } from './protocol.ts'
import { workerBody } from './worker.ts'
import { makerOf, type WorkerEngine } from './worker-engine.ts'

const port = parentPort
if (!port) throw new Error('node-worker runs in a worker thread')
const hear = workerBody({
  post: (message) => port.postMessage(message),
  pause: () => setImmediate(),
  makeEngine: makerOf(workerData as WorkerEngine),
})
port.on('message', (message: ToWorker | typeof LEAVE) => {
  if (message === LEAVE) process.exit() // of this thread alone
  hear(message)
})
