/** All that the page knows of a run: each rollout's latest answer, its q over steps, its way through latent space. */
import { type StepEvent, sureness } from '@ptrm/orchestrator/browser'

/** Values that a latent is made small to, before its place in the plane is found. */
export const SKETCH = 48

export interface Rollout {
  readonly number: number
  /** Halt logit after each step so far. */
  readonly q: number[]
  /** Sketch of z_H after each step so far. */
  readonly latents: Float32Array[]
  /** Answer tokens of the puzzle's own board. */
  tokens: Uint8Array
  verified: boolean
  done: boolean
}

export class Rollouts {
  /** K. */
  readonly planned: number
  /** D. */
  readonly steps: number
  readonly #all = new Map<number, Rollout>()
  /** Whether the run is over, by whatever ended it: tries may have been left in the middle. */
  isOver = false
  /** Counts changes, for views that redraw only then. */
  version = 0

  constructor(planned: number, steps: number) {
    this.planned = planned
    this.steps = steps
  }

  get started(): readonly Rollout[] {
    return [...this.#all.values()]
  }

  get(number: number): Rollout | undefined {
    return this.#all.get(number)
  }

  hear({ rollout: number, tokens, q, verified, latent }: StepEvent): void {
    this.version += 1
    let rollout = this.#all.get(number)
    if (!rollout) {
      rollout = { number, q: [], latents: [], tokens, verified, done: false }
      this.#all.set(number, rollout)
    }
    rollout.tokens = tokens
    rollout.verified = verified
    rollout.q.push(q)
    if (latent) rollout.latents.push(latent)
  }

  end(number: number): void {
    this.version += 1
    const rollout = this.#all.get(number)
    if (rollout) rollout.done = true
  }

  finish(): void {
    this.version += 1
    this.isOver = true
  }

  /** By q, the best first. */
  ranked(): Rollout[] {
    return this.started.toSorted((a, b) => sureness(qOf(b)) - sureness(qOf(a)) || a.number - b.number)
  }

  /** The noisy rollout that believes most in its answer; rollout 0 runs without noise. */
  bestNoisy(): Rollout | undefined {
    return this.ranked().find(({ number }) => number > 0)
  }

  tally(): { readonly right: number; readonly done: number } {
    const { started } = this
    return {
      right: started.filter(({ verified }) => verified).length,
      done: started.filter(({ done }) => done).length,
    }
  }
}

/** Halt logit after the latest step. */
export function qOf({ q }: Rollout): number {
  return q.at(-1) ?? Number.NEGATIVE_INFINITY
}

/** Above this halt logit the network calls itself sure: nine chances in ten. */
const SURE_Q = Math.log(9)

export function isSure(rollout: Rollout | undefined): boolean {
  return rollout !== undefined && qOf(rollout) > SURE_Q
}
