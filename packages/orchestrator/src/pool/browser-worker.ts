/** Entry of a page's module Worker. */
import type { ToWorker } from './protocol.ts'
import { workerBody } from './worker.ts'

// A message to oneself comes after those that wait already, and unlike a timer at once.
const { port1, port2 } = new MessageChannel()
const pause = () =>
  new Promise<void>((resolve) => {
    port1.onmessage = () => resolve()
    port2.postMessage(null)
  })

const hear = workerBody({ post: (message) => globalThis.postMessage(message), pause })
globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => hear(data))
