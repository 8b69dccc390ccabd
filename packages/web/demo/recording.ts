/** A recorded run: real steps of the bundled model, small enough to come with the page, and how they are played. */
import type { StepEvent } from '@ptrm/orchestrator/browser'

/** As `npm run examples` writes it. */
export interface Recording {
  /** The bundled model's name. */
  readonly model: string
  /** Of any notation. */
  readonly puzzle: string
  readonly steps: number
  readonly sigma: number
  readonly seed: number
  readonly rollouts: readonly RecordedRollout[]
}

interface RecordedRollout {
  /** Halt logit after each step. */
  readonly q: readonly number[]
  /** After each step one character a cell, the token in base 36; `.` where it is as after the step before. */
  readonly tokens: readonly string[]
  /** The steps, from 1, after which the answer was right. */
  readonly right: readonly number[]
  /** After each step where its state lies in the plane in which all tries differ most: x, y, x, y, ... */
  readonly way: readonly number[]
}

/** Milliseconds: the try without noise alone, then all others side by side. */
const ALONE_MS = 3000
const NOISY_MS = 11_000
/** When the noisy ones begin. */
const NOISY_FROM_MS = ALONE_MS * 1.4
/** Where nothing is to move: what has been shown by then is shown in one. */
const STILLS_MS = [ALONE_MS, NOISY_FROM_MS + NOISY_MS / 2, NOISY_FROM_MS + NOISY_MS]

/** Writes the tokens of one try's steps. */
export function packTokens(steps: readonly Uint8Array[]): string[] {
  return steps.map((tokens, step) =>
    Array.from(tokens, (token, i) => (steps[step - 1]?.[i] === token ? '.' : token.toString(36))).join(''),
  )
}

export function unpackTokens(steps: readonly string[]): Uint8Array[] {
  let before = new Uint8Array()
  return steps.map((text) => {
    before = Uint8Array.from(text, (digit, i) => (digit === '.' ? before[i]! : Number.parseInt(digit, 36)))
    return before
  })
}

/** Every step with the moment at which it is shown, in milliseconds, in order. */
export function timeline({
  rollouts,
  steps,
}: Recording): { readonly at: number; readonly event: StepEvent }[] {
  const all = rollouts.flatMap(({ q, tokens, right, way }, rollout) =>
    unpackTokens(tokens).map((unpacked, i) => {
      const step = i + 1
      // Others than the first follow each other a little, as workers do.
      const part = (i + rollout / rollouts.length) / steps
      const at = rollout === 0 ? (ALONE_MS * step) / steps : NOISY_FROM_MS + NOISY_MS * part
      const event: StepEvent = {
        type: 'step',
        rollout,
        step,
        tokens: unpacked,
        q: q[i]!,
        verified: right.includes(step),
        latent: Float32Array.from(way.slice(2 * i, 2 * step)),
      }
      return { at, event }
    }),
  )
  return all.toSorted((a, b) => a.at - b.at)
}

/** Its first tries alone: as if so many had been asked for. */
export function withTries(recording: Recording, count: number): Recording {
  return { ...recording, rollouts: recording.rollouts.slice(0, count) }
}

/** Plays to its end, or until the signal; in a few stills where nothing is to move. Resolves when it has ended. */
export async function play(
  recording: Recording,
  show: (event: StepEvent, isLast: boolean) => void,
  { signal, isStill }: { readonly signal: AbortSignal; readonly isStill: boolean },
): Promise<void> {
  const begun = performance.now()
  let reached = Number.NEGATIVE_INFINITY
  for (const { at, event } of timeline(recording)) {
    const moment = isStill ? STILLS_MS.find((still) => still >= at)! : at
    const wait = begun + moment - performance.now()
    // Once a moment: timers may end early, and what is shown at one moment must be in one picture.
    if (moment > reached && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    reached = moment
    if (signal.aborted) return
    show(event, event.step === recording.rollouts[event.rollout]!.q.length)
  }
}
