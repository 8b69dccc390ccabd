/**
 * A worker that is none: it lives in the thread of its pool. It saves the start of a thread, which takes longer than most
 * puzzles, and is for programs that have nothing else to do: the thread is theirs between two steps, and not during one.
 * In Node.
 */
import { setImmediate } from 'node:timers/promises'
import type { Engine } from '../engines/engine.ts'
import type { FromWorker, ToWorker, WorkerEvents, WorkerHandle } from './protocol.ts'
import { type MakeEngine, type WorkerGround, workerBody } from './worker.ts'

/** Longer than any timer may be. */
const EVER = 2 ** 31 - 1

/** `body` makes what hears the pool's messages; another than a worker's own is for tests. Frees the engines that it made. */
export function spawnHere(
  makeEngine: MakeEngine,
  { heard }: Pick<WorkerEvents, 'heard'>,
  body: (ground: WorkerGround) => (message: ToWorker) => void = workerBody,
): WorkerHandle {
  const engines: Engine[] = []
  let isGone = false
  // As a thread does.
  const keepsProcessAlive = setInterval(() => {}, EVER)
  const hear = body({
    post: (message: FromWorker) => {
      queueMicrotask(() => {
        if (!isGone) heard(message)
      })
    },
    pause: async () => {
      await setImmediate()
      if (isGone) throw new Error('terminated')
    },
    makeEngine: async (source, modelBytes) => {
      const engine = await makeEngine(source, modelBytes)
      if (isGone) engine.close()
      engines.push(engine)
      return engine
    },
  })
  return {
    post: (message) => {
      void setImmediate().then(() => {
        if (!isGone) hear(message)
      })
    },
    terminate: async () => {
      isGone = true
      clearInterval(keepsProcessAlive)
      // By then a run has come to its pause, and so to its end.
      await setImmediate()
      for (const engine of engines) engine.close()
    },
  }
}
