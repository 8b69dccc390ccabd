/** Entry of a Node worker thread that dies on order. */
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import type { FromWorker } from '../src/pool/protocol.ts'
import { workerBody } from '../src/pool/worker.ts'
import { crashing } from './crashing.ts'

const post = (message: FromWorker) => parentPort!.postMessage(message)
const hear = workerBody({ post, pause: () => setImmediate() })
parentPort!.on('message', crashing(hear, { post, die: () => process.exit(7) }))
