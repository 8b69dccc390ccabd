/** Entry of a page's module Worker. */
import type { ToWorker } from './protocol.ts'
import { openTurns } from './turns.ts'
import { workerBody } from './worker.ts'

const { next: pause } = openTurns()
const hear = workerBody({ post: (message) => globalThis.postMessage(message), pause })
globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => hear(data))
