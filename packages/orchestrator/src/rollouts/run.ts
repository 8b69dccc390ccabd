/** The one loop for every engine: keeps its slots busy, verifies beside it after each step, applies the stop rule. */
import type { BoardSize, TokenBoard } from '@ptrm/core-wasm'
import type { Engine, StepOutput, StepRequest } from '../engines/engine.ts'
import { cutToPuzzle } from '../placing.ts'
import type { Candidate } from './candidate.ts'
import { StopInOrder } from './order.ts'
import { type Plan, sigmaAt } from './plan.ts'
import { sketchOf } from './sketch.ts'
import { FreeSlots } from './slots.ts'
import { afterStep, enoughAgree } from './stop.ts'

/** One puzzle's rollouts, or some of them. Structured-cloneable. */
export interface Job {
  /** As the model takes it. */
  readonly board: TokenBoard
  /** The puzzle's rows and columns of it, from the top left: what is said of others is cut off. Default: all. */
  readonly size?: BoardSize | undefined
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
  /** Of the puzzle's own board, row by row. */
  readonly tokens: Uint8Array
  readonly q: number
  readonly verified: boolean
  /** The latent z_H after the step, as `sketchOf` makes it small; where the job asks and the engine can tell. */
  readonly latent?: Float32Array | undefined
}

/** A rollout that is over. */
export interface Found {
  readonly candidate: Candidate
  /** True where it was ended from outside: by the run's end, or as it was no longer wanted. */
  readonly cut: boolean
  /** True where the plan's stop rule fires with it. */
  readonly stops: boolean
  /** Steps that the engine had computed for it beyond these, in vain; undefined = 0. */
  readonly unused?: number | undefined
}

/** What the loop asks and tells its caller. All are optional. */
export interface RunHooks {
  /** Makes the tokens of equal answers equal; without it, tokens stay as the engine says them. */
  readonly canonical?: ((tokens: Uint8Array) => Uint8Array) | undefined
  /** The rules' verdict on tokens; leave it out to run without rules. */
  readonly verify?: ((tokens: Uint8Array) => boolean) | undefined
  readonly emit?: ((event: StepEvent) => void) | undefined
  /** Hears of each rollout as soon as it is over, if it ran a step. */
  readonly onFound?: ((found: Found) => void) | undefined
  /** Asked after every step: rollouts of this number and above are no longer wanted. 0 ends the run. */
  readonly below?: (() => number) | undefined
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

/** Runs `job` on `engine`. A rollout depends on the job alone, not on slots or order; so do all where the plan is exact. */
export async function runRollouts(engine: Engine, job: Job, hooks: RunHooks = {}): Promise<RunOutcome> {
  const run = new RolloutLoop(engine, job, hooks)
  while (run.fillSlots()) {
    const requests = run.requests()
    run.book(await engine.step(requests.filter(isDue(engine, requests))))
    await hooks.pause?.()
  }
  return run.outcome()
}

/**
 * Which of an engine's requests are made next: where it has computed steps ahead, those alone, which cost nothing. So rollouts
 * that begin wait until the others are through with theirs, and all go into one run.
 */
export function isDue(engine: Engine, requests: readonly StepRequest[]): (request: StepRequest) => boolean {
  const isComputed = ({ slot }: StepRequest) => (engine.computed?.(slot) ?? 0) > 0
  return requests.some(isComputed) ? isComputed : () => true
}

/** The loop between two steps of the engine, for those who make the steps themselves: all of it but the waiting. */
export class RolloutLoop {
  readonly #engine: Engine
  readonly #free: FreeSlots
  readonly #job: Job
  readonly #hooks: RunHooks
  /** Of the job's rollouts, the first that has not been looked at. */
  #next = 0
  readonly #busy = new Map<number, Running>()
  #candidates: Candidate[] = []
  #stopped = false
  readonly #order: StopInOrder | undefined

  /** `free`: of the engine's slots, shared with the loops of other jobs on it; default: all of them are this job's. */
  constructor(engine: Engine, job: Job, hooks: RunHooks, free: FreeSlots = new FreeSlots(engine.slots)) {
    this.#engine = engine
    this.#free = free
    this.#job = job
    this.#hooks = hooks
    // Agreement is of a job's first rollouts without a gap; where others run elsewhere, the pool looks at it.
    const first = job.rollouts.filter((rollout, i) => rollout === i)
    if (job.plan.exact) this.#order = new StopInOrder(job.plan.stop, first)
  }

  /** Cuts off what is no longer wanted, gives free slots to what waits; false when nothing is left to run. */
  fillSlots(): boolean {
    const below = Math.min(this.#below, this.#hooks.below?.() ?? Number.POSITIVE_INFINITY)
    for (const [slot, running] of this.#busy) {
      if (running.rollout < below) continue
      const unused = this.#leave(slot)
      if (running.last) this.#end({ candidate: candidateOf(running, false), cut: true, stops: false, unused })
    }
    let rollout = this.#upcoming(below)
    for (; rollout !== undefined; rollout = this.#upcoming(below)) {
      const slot = this.#free.take()
      if (slot === undefined) break
      this.#busy.set(slot, { rollout, step: 0 })
      this.#next += 1
      this.#engine.start(slot, this.#job.board)
    }
    return this.#busy.size > 0 || rollout !== undefined
  }

  /** Leaves all slots, for a loop that is given up. */
  release(): void {
    for (const slot of [...this.#busy.keys()]) this.#leave(slot)
  }

  requests(): StepRequest[] {
    return requests(this.#busy, this.#job.plan, this.#engine.lookahead ?? 0)
  }

  /** `outputs`: of the slots that `requests` named. */
  book(outputs: readonly StepOutput[]): void {
    const { plan, board, size = board } = this.#job
    const { canonical = (tokens) => tokens } = this.#hooks
    for (const raw of outputs) {
      // From here on tokens are those of the puzzle's own board.
      const output = { ...raw, tokens: canonical(cutToPuzzle(raw.tokens, board, size)) }
      const running = this.#busy.get(output.slot)!
      const latent = latentOf(this.#engine, this.#job, output.slot)
      const verified = advance(running, output, this.#hooks, latent)
      const verdict = afterStep(plan.stop, running.step, output.q, verified)
      const isLast = running.step >= plan.steps || verdict === 'settle'
      if (!isLast && verdict === 'go') continue
      const unused = this.#leave(output.slot)
      const stops = verdict === 'stop' || verdict === 'settle'
      this.#end({ candidate: candidateOf(running, isLast), cut: false, stops, unused })
    }
  }

  outcome(): RunOutcome {
    const wanted = this.#order
      ? this.#candidates.filter(({ rollout }) => rollout < this.#below)
      : this.#candidates
    return { candidates: wanted.sort((a, b) => a.rollout - b.rollout), stopped: this.#stopped }
  }

  /** Rollouts from here on are not wanted, by the stop rule. */
  get #below(): number {
    if (this.#order) return this.#order.below
    return this.#stopped ? 0 : Number.POSITIVE_INFINITY
  }

  /** The next rollout that is wanted; those before it that are not are passed over. */
  #upcoming(below: number): number | undefined {
    const { rollouts } = this.#job
    while (this.#next < rollouts.length && rollouts[this.#next]! >= below) this.#next += 1
    return rollouts[this.#next]
  }

  /** Returns how many steps were computed in vain. */
  #leave(slot: number): number {
    this.#busy.delete(slot)
    this.#free.give(slot)
    return this.#engine.computed?.(slot) ?? 0
  }

  #end(found: Found): void {
    const { candidate, cut, stops } = found
    this.#candidates.push(candidate)
    if (!cut) this.#order?.add(candidate, stops)
    const agreed = !this.#order && !cut && enoughAgree(this.#job.plan.stop, this.#candidates)
    if (stops || agreed || this.#below < Number.POSITIVE_INFINITY) this.#stopped = true
    this.#hooks.onFound?.(found)
  }
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

function candidateOf(running: Running, complete: boolean): Candidate {
  const { rollout, step, firstVerified } = running
  const { tokens, q } = running.last!
  return { rollout, steps: step, complete, tokens, q, firstVerified }
}
