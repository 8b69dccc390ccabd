/** Workers in the caller's thread, which die on order. */
import { Here } from '../src/pool/here.ts'
import type { WorkerAdapter, WorkerEvents, WorkerHandle } from '../src/pool/protocol.ts'
import { steppedWorker, wasmEngine } from '../src/pool/worker.ts'
import { crashing } from './crashing.ts'

const here = new Here(wasmEngine)

export const hereAdapter: WorkerAdapter = {
  defaultWorkers: () => 1,
  spawn,
  attend: (over) => here.attend(over),
}

function spawn({ heard, died }: WorkerEvents): WorkerHandle {
  const handle = here.spawn({ heard }, (ground) => {
    const worker = steppedWorker(ground)
    const die = () => {
      void handle.terminate()
      died(new Error('crashed'))
    }
    return { ...worker, hear: crashing(worker.hear, { post: ground.post, die }) }
  })
  return handle
}
