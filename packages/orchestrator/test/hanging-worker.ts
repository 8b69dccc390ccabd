/** Entry of a Node worker thread whose engine hangs in the third step of the rollout that its puzzle names. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import type { ToWorker } from '../src/pool/protocol.ts'
import { workerBody } from '../src/pool/worker.ts'
import { quickEngine } from './quick-engine.ts'

let hangs: number | undefined
const quick = quickEngine()
const hear = workerBody({
  post: (message) => parentPort!.postMessage(message),
  pause: () => setImmediate(),
  makeEngine: async () => ({
    ...quick,
    step(requests) {
      if (requests[0]!.rollout === hangs && requests[0]!.step === 2) for (;;);
      return quick.step(requests)
    },
  }),
})
parentPort!.on('message', (message: ToWorker) => {
  // Runs of other jobs come between, and none of them has this rollout.
  if (message.type === 'run') hangs ??= (message.job.puzzle as { hangs?: number }).hangs
  hear(message)
})
