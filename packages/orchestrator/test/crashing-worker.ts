/** A worker that dies on rollout 2: always, or only the first time, as the puzzle field of the job says. */
import { existsSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import type { WorkerJob } from '../src/pool/protocol.ts'
import { workerApi } from '../src/pool/worker.ts'

const api = workerApi(() => setImmediate())
expose(
  {
    ...api,
    run(job: WorkerJob, emit?: Parameters<typeof api.run>[1]) {
      const { crashOnceMark } = job.puzzle as { crashOnceMark?: string }
      if (job.rollouts[0] === 2 && !(crashOnceMark && existsSync(crashOnceMark))) {
        if (crashOnceMark) writeFileSync(crashOnceMark, '')
        process.exit(7)
      }
      return api.run(job, emit)
    },
  },
  nodeEndpoint(parentPort!),
)
