/** Workers that are none: each lives in the caller's thread behind a MessageChannel, the endpoint that pages have too. */
import { setImmediate } from 'node:timers/promises'
import type { Endpoint } from 'comlink'
import type { WorkerAdapter, WorkerHandle } from '../src/pool/protocol.ts'
import { exposeWorker, workerApi } from '../src/pool/worker.ts'
import { crashingApi } from './crashing-api.ts'

export const oneThreadAdapter: WorkerAdapter = { defaultWorkers: () => 1, spawn }

function spawn(): WorkerHandle {
  const { port1, port2 } = new MessageChannel()
  let dead = false
  let tell!: (reason: Error) => void
  const died = new Promise<Error>((resolve) => {
    tell = resolve
  })
  const end = (reason: string) => {
    dead = true
    port1.close()
    tell(new Error(reason))
  }
  // What terminating a thread does to a rollout, this does after its next step.
  const pause = async () => {
    await setImmediate()
    if (dead) throw new Error('terminated')
  }
  exposeWorker(
    crashingApi(workerApi(pause), () => end('crashed')),
    port1 as unknown as Endpoint,
  )
  return { endpoint: port2 as unknown as Endpoint, died, terminate: async () => end('terminated') }
}
