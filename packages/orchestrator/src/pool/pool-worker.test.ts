/** Which rollouts a worker is given beside those that it runs. */
import { expect, it } from 'vitest'
import type { OpenJob } from './open-job.ts'
import { PoolWorker, Run } from './pool-worker.ts'

it('gives a rollout that may kill its worker none beside another job’s, though it is kept for it', () => {
  const [lost, other] = [{ waitsAlone: true } as OpenJob, { waitsAlone: false } as OpenJob]
  const worker = new PoolWorker(0)
  worker.runs.set(1, new Run(1, other))
  worker.only = lost
  expect([worker.takes(lost), worker.takes(other)]).toEqual([false, false])
  worker.runs.delete(1)
  expect([worker.takes(lost), worker.takes(other)]).toEqual([true, false])
})
