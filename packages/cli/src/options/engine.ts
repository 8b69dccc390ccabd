/** Options of engines, held against the engine that runs: one that it can't use would be taken for used. */
import { UsageError } from '../input.ts'

interface EngineFlags {
  readonly backend?: string | undefined
  readonly slots?: number | undefined
  readonly stepsPerRun?: number | undefined
  readonly device?: readonly number[] | undefined
  readonly fp16?: boolean | undefined
  readonly tf32?: boolean | undefined
}

/** What an option is for, and the backends that can't use it. `auto` may come to any of them. */
const ONNX = { engines: 'onnx engines', except: ['wasm'] }
const CUDA = { engines: 'onnx-cuda', except: ['wasm', 'onnx-cpu'] }

/** Throws `UsageError` for an option that the backend rules out, where one is named or goes without saying. */
export function refuseIdle({ backend, slots, stepsPerRun, device, fp16, tf32 }: EngineFlags): void {
  const given = [
    { option: '--slots', isGiven: slots !== undefined, of: ONNX },
    { option: '--steps-per-run', isGiven: stepsPerRun !== undefined, of: ONNX },
    { option: '--fp16', isGiven: fp16, of: ONNX },
    { option: '--device', isGiven: device !== undefined, of: CUDA },
    { option: '--tf32', isGiven: tf32, of: CUDA },
  ]
  const idle = given.find(({ isGiven, of }) => isGiven && of.except.includes(backend ?? 'auto'))
  if (idle)
    throw new UsageError(
      `${idle.option} is for ${idle.of.engines}, and this runs on ${backend}: leave it out, or give another --backend`,
    )
}
