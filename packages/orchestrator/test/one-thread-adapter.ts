/** Workers that are none: each lives in the caller's thread behind a MessageChannel, as a page's do behind their ports. */
import { setImmediate } from 'node:timers/promises'
import type { FromWorker, ToWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from '../src/pool/protocol.ts'
import { workerBody } from '../src/pool/worker.ts'
import { crashing } from './crashing.ts'

export const oneThreadAdapter: WorkerAdapter = { defaultWorkers: () => 1, spawn }

function spawn({ heard, died }: WorkerEvents): WorkerHandle {
  const { port1, port2 } = new MessageChannel()
  let dead = false
  const end = () => {
    dead = true
    port1.close()
  }
  // What terminating a thread does to a rollout, this does after its next step.
  const pause = async () => {
    await setImmediate()
    if (dead) await new Promise(() => {})
  }
  const post = (message: FromWorker) => port1.postMessage(message)
  const die = () => {
    end()
    died(new Error('crashed'))
  }
  const hear = crashing(workerBody({ post, pause }), { post, die })
  port1.onmessage = ({ data }: MessageEvent<ToWorker>) => hear(data)
  port2.onmessage = ({ data }: MessageEvent<FromWorker>) => heard(data)
  return { post: (message) => port2.postMessage(message), terminate: async () => end() }
}
