/** Workers in the caller's thread, as a command has its first one, which die on order. */
import { spawnHere } from '../src/pool/here.ts'
import type { WorkerAdapter, WorkerEvents, WorkerHandle } from '../src/pool/protocol.ts'
import { workerBody } from '../src/pool/worker.ts'
import { makerOf } from '../src/pool/worker-engine.ts'
import { crashing } from './crashing.ts'

export const hereAdapter: WorkerAdapter = { defaultWorkers: () => 1, spawn }

function spawn({ heard, died }: WorkerEvents): WorkerHandle {
  const handle = spawnHere(makerOf({ name: 'wasm', options: {} }), { heard }, (ground) => {
    const die = () => {
      void handle.terminate()
      died(new Error('crashed'))
    }
    return crashing(workerBody(ground), { post: ground.post, die })
  })
  return handle
}
