/** What `ptrm worker` does. */
import type { Backend } from '@ptrm/orchestrator'
import { work } from '@ptrm/queue'
import { refuseIdle } from '../options/engine.ts'
import { exitCodeOfAbort } from '../run/exit.ts'
import { interruptible } from '../run/interrupt.ts'
import { tell } from '../run/output.ts'
import { connected } from './connected.ts'

export interface WorkerFlags {
  readonly redis: string
  readonly model?: string[]
  readonly untilDone?: boolean
  readonly lease?: number
  readonly workers?: number
  readonly backend?: Backend
  readonly slots?: number
  readonly device?: number[]
  readonly stepsPerRun?: number
  readonly fp16?: boolean
  readonly tf32?: boolean
  readonly quiet?: boolean
}

/** Throws `UsageError`, and what `work` throws. */
export async function worker(flags: WorkerFlags): Promise<number> {
  const { redis: url, model: models, untilDone, lease: lockMs, workers, backend, quiet } = flags
  const { slots, device, stepsPerRun, fp16, tf32 } = flags
  refuseIdle(flags)
  const onnx = { ...(slots && { slots }), devices: device, stepsPerRun, fp16, tf32 }
  return interruptible((signal) =>
    connected(url, async (redis) => {
      const say = (text: string) => void tell(`${text}\n`)
      const options = { models, untilDone, lockMs, workers, backend, onnx, signal }
      const remarks = { onFault: say, ...(!quiet && { onRemark: say }) }
      const { puzzles, longestBlockMs } = await work(redis, { ...options, ...remarks })
      if (!quiet) say(`${puzzles} puzzles; the event loop stood still for at most ${longestBlockMs} ms`)
      return signal.aborted ? exitCodeOfAbort(signal) : 0
    }),
  )
}
