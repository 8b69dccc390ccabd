/** The first that visitors see, without a click: a run that was recorded, then the same one live, on their machine. */
import type { StepEvent } from '@ptrm/orchestrator/browser'
import { byId } from './page.ts'
import { MOST_TRIES } from './plan-controls.ts'
import { play, type Recording, withTries } from './recording.ts'
import { Rollouts } from './rollouts.ts'

/** What the opening plays on. */
export interface Stage {
  /** Whether the page still shows this puzzle, and nobody has begun anything. */
  isUntouched(puzzle: string): boolean
  /** Resolves when the page knows its model's plan, and so changes no more by itself. */
  settled(): Promise<unknown>
  /** A run that was recorded takes the views. */
  begin(rollouts: Rollouts): void
  refresh(): void
  /** As if Solve had been pressed. */
  goLive(): void
}

/** Milliseconds between the recorded run's end and the live one: time to read what came out. */
const LIVE_AFTER_MS = 3500

export class Opening {
  readonly #stage: Stage
  #abort: AbortController | undefined

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Ends what is played: someone has done something of their own. */
  end(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }

  async start(): Promise<void> {
    this.end()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const response = await fetch(new URL('./recorded.json', import.meta.url))
    const recording = withTries((await response.json()) as Recording, MOST_TRIES)
    await this.#stage.settled()
    // By then there may be another puzzle, or somebody who plays on this one.
    if (signal.aborted || !this.#stage.isUntouched(recording.puzzle)) return
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    await this.#play(recording, signal, isStill)
    await new Promise((resolve) => setTimeout(resolve, LIVE_AFTER_MS))
    if (signal.aborted || isStill || !mayCompute()) return
    this.#stage.goLive()
  }

  async #play(recording: Recording, signal: AbortSignal, isStill: boolean): Promise<void> {
    const rollouts = new Rollouts(recording.rollouts.length, recording.steps)
    this.#stage.begin(rollouts)
    tellOrigin('Recorded run')
    const show = (event: StepEvent, isLast: boolean) => {
      rollouts.hear(event)
      if (isLast) rollouts.end(event.rollout)
      this.#stage.refresh()
    }
    await play(recording, show, { signal, isStill })
    rollouts.finish()
    this.#stage.refresh()
  }
}

/** Whether the page may use the visitor's processor unasked: it is looked at, and nothing asks it to save. */
function mayCompute(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } }
  return document.visibilityState === 'visible' && !connection?.saveData
}

/** Says what the wall shows: a recording, a live run, or nothing yet. */
export function tellOrigin(text: '' | 'Recorded run' | 'Live, on your machine'): void {
  const badge = byId('origin', HTMLElement)
  badge.textContent = text
  badge.hidden = text === ''
}
