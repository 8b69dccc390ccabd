/** A worker's API that dies when the job's puzzle orders it to, on any platform. */
import type { WorkerApi, WorkerJob } from '../src/pool/protocol.ts'

/** Rides on a job's puzzle. */
export interface CrashOrder {
  /** The rollout to die on. */
  readonly crashOn: number
  /** How often yet, one value, in memory that all workers share. */
  readonly crashesLeft: Int32Array
}

export function crashOrder(crashOn: number, times: number): CrashOrder {
  const crashesLeft = new Int32Array(new SharedArrayBuffer(4))
  crashesLeft[0] = times
  return { crashOn, crashesLeft }
}

/** `die` ends the worker as the platform would see it crash. */
export function crashingApi(api: WorkerApi, die: () => void): WorkerApi {
  return {
    ...api,
    run(job: WorkerJob, emit) {
      const { crashOn, crashesLeft } = job.puzzle as Partial<CrashOrder>
      if (!crashesLeft || job.rollouts[0] !== crashOn || Atomics.sub(crashesLeft, 0, 1) <= 0)
        return api.run(job, emit)
      die()
      return new Promise(() => {}) // the dead don't answer
    },
  }
}
