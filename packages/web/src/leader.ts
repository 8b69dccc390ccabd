/** Which of the running rollouts the board shows: the one that believes most in its answer. */
import { type SolveEvent, surest } from '@ptrm/orchestrator/browser'
import type { Progress } from './status.ts'

export interface Leader {
  /** Shape [L]. */
  readonly tokens: Uint8Array
  /** Halt logit. */
  readonly q: number
}

export class Leaderboard {
  /** K. */
  readonly rollouts: number
  readonly #latest = new Map<number, Leader>()
  #leader: Leader | undefined
  #done = 0

  constructor(rollouts = 0) {
    this.rollouts = rollouts
  }

  /** The rollout with the largest halt logit after its latest step. */
  get leader(): Leader | undefined {
    return this.#leader
  }

  get progress(): Progress {
    return { rollouts: this.rollouts, done: this.#done, q: this.#leader?.q }
  }

  hear(event: SolveEvent): void {
    if (event.type === 'rollout') this.#done += 1
    if (event.type !== 'step') return
    this.#latest.set(event.rollout, { tokens: event.tokens, q: event.q })
    this.#leader = surest(this.#latest.values())
  }
}
