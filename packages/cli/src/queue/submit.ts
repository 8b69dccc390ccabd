/** What `ptrm submit` does. */
import { submit as submitRun } from '@ptrm/queue'
import { tell } from '../run/output.ts'
import type { SolveFlags } from '../solve/flags.ts'
import { connected } from './connected.ts'

/** Those of `ptrm solve` that say what is solved and how, and those of a run. */
export interface SubmitFlags
  extends Pick<
    SolveFlags,
    | ('model' | 'kind' | 'select' | 'kernel' | 'quiet')
    | ('rollouts' | 'steps' | 'sigma' | 'noiseTarget' | 'seed' | 'stop' | 'deterministic')
  > {
  readonly redis: string
  readonly name: string
  readonly job?: number
  readonly jobRollouts?: number
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
