/**
 * Runs parity cases on an engine and judges them.
 *
 * With the reference's own latents at hand, each step starts from those. Without, the model runs freely, beside a twin
 * that starts a few roundings away: where a miss is no larger than what this alone does, the network is too chaotic
 * there for any f32 program to be held against another. The run is then not judged from that step on, and the verdict
 * says so. See docs/decisions.
 */
import { setImmediate as aTurn } from 'node:timers/promises'
import { flatBoard, type Latent } from '@ptrm/core-wasm'
import type { InspectableModel } from '@ptrm/orchestrator/engines'
import { type ParityCase, type ParityNoise, slice } from './cases.ts'
import type { ParityEngine } from './engines.ts'

/** Largest error of a step that agrees, relative to the largest magnitude of the reference's tensor. */
export const PARITY_TOLERANCE = 2e-4
/** Relative size of the twin's push: eight roundings, for the hundreds that a step makes. */
const TWIN_PUSH = 8 * 2 ** -24
/** A miss is put down to chaos up to this multiple of the twin's distance; a wrong network misses by far more. */
const TWIN_EXCUSES = 10

/** Whether an engine computes what the reference did. */
export type ParityVerdict =
  /** Every step within the tolerance. */
  | 'agrees'
  /** Within it as far as can be judged; the network is too chaotic beyond. */
  | 'agrees-in-part'
  | 'differs'
  /** Too chaotic to judge even the first step. */
  | 'undecided'

/** One case, one noise, one engine. */
export interface ParityResult {
  readonly case: string
  readonly noise: ParityNoise
  readonly engine: string
  readonly verdict: ParityVerdict
  /** Largest relative error over the judged steps; NaN where no step was. */
  readonly maxError: number
  readonly steps: number
  /** Steps judged, from the first: all, or up to a miss. */
  readonly judged: number
  /** Whether each step started from the reference's latents. */
  readonly stepped: boolean
  /** How far the twin was off after the first step that chaos kept from being judged; undefined without one. */
  readonly twinError: number | undefined
}

const LATENTS: readonly (readonly [Latent, 'z_H' | 'z_L'])[] = [
  ['zH', 'z_H'],
  ['zL', 'z_L'],
]

/** Runs one noise case. Rejects as the engine's `open` does, or with the signal's reason, between two steps. */
export async function runParity(
  parityCase: ParityCase,
  noise: ParityNoise,
  engine: ParityEngine,
  signal?: AbortSignal,
): Promise<ParityResult> {
  const { config, weights, steps, batch, states } = parityCase
  const model = await engine.open(config, weights, states ? batch : 2 * batch)
  try {
    const run = new Run(parityCase, noise, model)
    await run.start()
    let [maxError, judged, missed, twinError] = [Number.NaN, 0, false, undefined as number | undefined]
    for (let step = 0; step < steps && !missed && twinError === undefined; step++) {
      // Engines may compute in this thread, where no signal of the system is heard meanwhile.
      await aTurn()
      signal?.throwIfAborted()
      await run.step(step)
      const error = run.error(step)
      // A NaN is a miss, and no twin excuses it.
      missed = !(error <= PARITY_TOLERANCE)
      if (missed && error <= TWIN_EXCUSES * run.twinError()) {
        missed = false
        twinError = run.twinError()
      } else {
        maxError = judged === 0 ? error : Math.max(maxError, error)
        judged++
      }
    }
    const chaotic = judged === 0 ? 'undecided' : 'agrees-in-part'
    const verdict = missed ? 'differs' : twinError === undefined ? 'agrees' : chaotic
    return {
      case: parityCase.name,
      noise,
      engine: engine.name,
      verdict,
      maxError,
      steps,
      judged,
      stepped: !!states,
      twinError,
    }
  } finally {
    await model.close()
  }
}

/** A batch on its way: slots 0 to B-1, and where it runs freely a twin of each in slots B to 2B-1. */
class Run {
  readonly #case: ParityCase
  readonly #noise: ParityNoise
  readonly #model: InspectableModel
  readonly #twins: boolean

  constructor(parityCase: ParityCase, noise: ParityNoise, model: InspectableModel) {
    this.#case = parityCase
    this.#noise = noise
    this.#model = model
    this.#twins = parityCase.states === undefined
  }

  async start(): Promise<void> {
    const { expected, batch } = this.#case
    for (const slot of this.#slots()) {
      const tokens = Uint8Array.from(slice(expected.get('inputs')!, slot % batch))
      await this.#model.start(
        slot,
        flatBoard(tokens),
        expected.get('puzzle_identifiers')!.data[slot % batch]!,
      )
      if (slot >= batch) for (const [latent] of LATENTS) this.#write(slot, latent, push)
    }
  }

  async step(step: number): Promise<void> {
    const { expected, batch, states, sigma } = this.#case
    for (const slot of this.#slots()) {
      for (const [latent, key] of LATENTS) {
        if (states && step > 0)
          this.#model.writeLatent(
            slot,
            latent,
            slice(states.get(`${this.#noise}.${key}_before`)!, step - 1, slot),
          )
        if (this.#noise !== key) continue
        const noise = slice(expected.get('noise')!, step, slot % batch)
        this.#write(slot, latent, (value, i) => value + Math.fround(sigma * noise[i]!))
      }
      await this.#model.step(slot)
    }
  }

  /** Largest relative error against the reference after this step: logits, both q, at the end the latents. */
  error(step: number): number {
    const { expected, batch, steps } = this.#case
    let error = 0
    for (let slot = 0; slot < batch; slot++) {
      const wanted = (key: string) => slice(expected.get(`${this.#noise}.${key}`)!, step, slot)
      error = Math.max(error, relativeError(this.#model.logits(slot), wanted('logits')))
      error = Math.max(error, relativeError(this.#model.q(slot), wanted('q')))
      if (step < steps - 1) continue
      for (const [latent, key] of LATENTS) {
        const last = slice(expected.get(`${this.#noise}.${key}`)!, slot)
        error = Math.max(error, relativeError(this.#model.readLatent(slot, latent), last))
      }
    }
    return error
  }

  /** Largest relative distance of a twin from its original; 0 without twins. */
  twinError(): number {
    if (!this.#twins) return 0
    let error = 0
    for (let slot = 0; slot < this.#case.batch; slot++) {
      const twin = slot + this.#case.batch
      for (const read of [
        (slot: number) => this.#model.logits(slot),
        (slot: number) => this.#model.q(slot),
        ...LATENTS.map(
          ([latent]) =>
            (slot: number) =>
              this.#model.readLatent(slot, latent),
        ),
      ])
        error = Math.max(error, relativeError(read(twin).slice(), read(slot)))
    }
    return error
  }

  #slots(): number[] {
    return Array.from({ length: this.#case.batch * (this.#twins ? 2 : 1) }, (_, slot) => slot)
  }

  #write(slot: number, latent: Latent, change: (value: number, i: number) => number): void {
    this.#model.writeLatent(slot, latent, this.#model.readLatent(slot, latent).map(change))
  }
}

/** Up and down in turn, so that the push has no direction of its own. */
function push(value: number, i: number): number {
  return value * (1 + (i % 2 ? TWIN_PUSH : -TWIN_PUSH))
}

/** Largest absolute difference over the largest magnitude of `wanted`; NaN where either holds one. */
export function relativeError(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) return Number.NaN
  let [error, most] = [0, 0]
  for (let i = 0; i < wanted.length; i++) {
    error = Math.max(error, Math.abs(found[i]! - wanted[i]!))
    most = Math.max(most, Math.abs(wanted[i]!))
  }
  return error === 0 ? 0 : error / most
}
