/** The one loop for every engine: keeps its slots busy, verifies beside it after each step, applies the stop rule. */
import type { Engine, StepOutput, StepRequest } from '../engines/engine.ts'
import type { Candidate } from './candidate.ts'
import { type Plan, sigmaAt } from './plan.ts'
import { sketchOf } from './sketch.ts'
import { afterStep, enoughAgree } from './stop.ts'

/** One puzzle's rollouts, or some of them. Structured-cloneable. */
export interface Job {
  /** The board, shape [L]. */
  readonly tokens: Uint8Array
  readonly plan: Plan
  /** Which rollouts to run, by number. */
  readonly rollouts: readonly number[]
  /** Step events carry a sketch of the latent z_H of so many values; undefined = none. */
  readonly sketch?: number | undefined
}

/** What one step of one rollout came to. */
export interface StepEvent {
  readonly type: 'step'
  readonly rollout: number
  /** Steps done so far, from 1. */
  readonly step: number
  /** Shape [L]. */
  readonly tokens: Uint8Array
  readonly q: number
  readonly verified: boolean
  /** The latent z_H after the step, as `sketchOf` makes it small; where the job asks and the engine can tell. */
  readonly latent?: Float32Array | undefined
}

/** What the loop asks and tells its caller. All are optional. */
export interface RunHooks {
  /** Makes the tokens of equal answers equal; without it, tokens stay as the engine says them. */
  readonly canonical?: ((tokens: Uint8Array) => Uint8Array) | undefined
  /** The rules' verdict on tokens; leave it out to run without rules. */
  readonly verify?: ((tokens: Uint8Array) => boolean) | undefined
  readonly emit?: ((event: StepEvent) => void) | undefined
  /** Asked after every step; true ends the run. */
  readonly cancelled?: (() => boolean) | undefined
  /** Awaited after every step, so that a worker hears messages. */
  readonly pause?: (() => Promise<void>) | undefined
}

/** What a run came to. */
export interface RunOutcome {
  /** By rollout number. Rollouts that never ran a step are left out. */
  readonly candidates: Candidate[]
  /** True when the plan's stop rule ended the run. */
  readonly stopped: boolean
}

interface Running {
  readonly rollout: number
  step: number
  last?: StepOutput
  firstVerified?: Candidate['firstVerified']
}

/** Runs `job` on `engine`; the candidates depend on the job alone, not on slots or order. */
export async function runRollouts(engine: Engine, job: Job, hooks: RunHooks = {}): Promise<RunOutcome> {
  const { plan } = job
  const waiting = [...job.rollouts]
  const busy = new Map<number, Running>()
  const candidates: Candidate[] = []
  const refill = (slot: number) => {
    const rollout = waiting.shift()
    if (rollout === undefined) return
    engine.start(slot, job.tokens)
    busy.set(slot, { rollout, step: 0 })
  }
  for (let slot = 0; slot < engine.slots; slot++) refill(slot)
  let stopped = false
  while (busy.size > 0 && !stopped && !hooks.cancelled?.()) {
    for (const raw of await engine.step(requests(busy, plan, engine.lookahead ?? 0))) {
      const output = hooks.canonical ? { ...raw, tokens: hooks.canonical(raw.tokens) } : raw
      const running = busy.get(output.slot)!
      const verified = advance(running, output, hooks, latentOf(engine, job, output.slot))
      const verdict = afterStep(plan.stop, running.step, output.q, verified)
      if (verdict === 'stop' || verdict === 'settle') stopped = true
      const isLast = running.step >= plan.steps || verdict === 'settle'
      if (!isLast && verdict !== 'prune') continue
      busy.delete(output.slot)
      candidates.push(candidate(running, isLast))
      refill(output.slot)
    }
    if (enoughAgree(plan.stop, candidates)) stopped = true
    await hooks.pause?.()
  }
  for (const running of busy.values()) if (running.last) candidates.push(candidate(running, false))
  return { candidates: candidates.sort((a, b) => a.rollout - b.rollout), stopped }
}

function requests(busy: ReadonlyMap<number, Running>, plan: Plan, lookahead: number): StepRequest[] {
  const noiseAt = (rollout: number, step: number) => {
    return { seed: plan.seed, rollout, step, sigma: sigmaAt(plan, rollout, step), target: plan.noiseTarget }
  }
  return [...busy].map(([slot, { rollout, step }]) => {
    const known = Math.min(lookahead, plan.steps - step - 1)
    const ahead = Array.from({ length: known }, (_, i) => noiseAt(rollout, step + 1 + i))
    return { slot, ...noiseAt(rollout, step), ahead }
  })
}

/** Books one step of one rollout; returns the rules' verdict. */
function advance(
  running: Running,
  output: StepOutput,
  hooks: RunHooks,
  latent: Float32Array | undefined,
): boolean {
  running.step += 1
  running.last = output
  const verified = hooks.verify?.(output.tokens) ?? false
  if (verified) running.firstVerified ??= { step: running.step, tokens: output.tokens, q: output.q }
  const { rollout, step } = running
  hooks.emit?.({
    type: 'step',
    rollout,
    step,
    tokens: output.tokens,
    q: output.q,
    verified,
    ...(latent && { latent }),
  })
  return verified
}

function latentOf(engine: Engine, { sketch }: Job, slot: number): Float32Array | undefined {
  const latent = sketch === undefined ? undefined : engine.latent?.(slot)
  return latent && sketchOf(latent, sketch!)
}

function candidate(running: Running, complete: boolean): Candidate {
  const { rollout, step, firstVerified } = running
  const { tokens, q } = running.last!
  return { rollout, steps: step, complete, tokens, q, firstVerified }
}
