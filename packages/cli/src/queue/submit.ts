/** What `ptrm submit` does. */
import type { KernelVariant, NoiseTarget, SelectorName, StopRule } from '@ptrm/orchestrator'
import { submit as submitRun } from '@ptrm/queue'
import { tell } from '../run/output.ts'
import { connected } from './connected.ts'

export interface SubmitFlags {
  readonly redis: string
  readonly name: string
  readonly model?: string
  readonly kind?: string
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | number[]
  readonly noiseTarget?: NoiseTarget
  readonly seed?: bigint
  readonly select?: SelectorName
  readonly stop?: StopRule
  readonly deterministic: boolean
  readonly kernel?: KernelVariant
  readonly job?: number
  readonly jobRollouts?: number
  readonly quiet?: boolean
}

/** Throws what `submit` throws. */
export function submit(input: string, flags: SubmitFlags): Promise<number> {
  const { name, model, kind, select, kernel, job, jobRollouts } = flags
  const { rollouts, steps, sigma, noiseTarget, seed, stop, deterministic } = flags
  const plan = { rollouts, steps, sigma, noiseTarget, seed, stop, includeDeterministic: deterministic }
  return connected(flags.redis, async (redis) => {
    const jobSeconds = job === undefined ? undefined : job / 1000
    const options = { name, model, kind, plan, select, kernel, jobSeconds, jobRollouts }
    const { entries, jobs, retried } = await submitRun(redis, input, options)
    const anew = retried > 0 ? `, ${retried} of them tried anew` : ''
    if (!flags.quiet) await tell(`run ${name}: ${entries} puzzles, ${jobs} jobs to do${anew}\n`)
    return 0
  })
}
