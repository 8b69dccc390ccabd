/**
 * Noise made ahead: by helper threads while onnxruntime, whose `run` blocks its thread, computes a step; or, without
 * threads, when it is asked for. Either way it is the kernel's, so a rollout is the same rollout on every engine.
 */
import { Worker } from 'node:worker_threads'
import { type Kernel, type KernelSource, type Latent, latentsOf, type NoiseRequest } from '@ptrm/core-wasm'
import { sourceFile } from '../../source-file.ts'

/** One latent's worth of noise. */
export interface Draw extends NoiseRequest {
  readonly target: Latent
  /** Values of the latent, T * d. */
  readonly size: number
}

/** What a helper thread is asked: to fill `out` with the draws, one behind the other. */
export interface NoiseOrder {
  readonly draws: readonly Draw[]
  readonly out: SharedArrayBuffer
  /** A flag, from 0 to 1 when all is done. */
  readonly done: SharedArrayBuffer
}

interface Batch {
  readonly flag: Int32Array
  readonly values: Float32Array
}

/** Who makes the noise. */
export interface NoiseOptions {
  /** Helper threads; 0 makes the noise on the caller's thread. */
  readonly threads: number
  /** What the helpers compute with. */
  readonly source?: KernelSource | undefined
}

const WORKER = sourceFile('./noise-worker', import.meta.url)
/** Milliseconds; a helper that takes longer for one run's noise is dead. */
const PATIENCE = 60_000

/** Noise in front of the steps that want it. Whoever made it closes it. */
export class NoiseAhead {
  readonly #kernel: Kernel
  readonly #helpers: Worker[]
  readonly #ready = new Map<string, { readonly batch: Batch; readonly from: number }>()
  #next = 0

  constructor(kernel: Kernel, { threads, source }: NoiseOptions) {
    this.#kernel = kernel
    this.#helpers = Array.from({ length: source ? threads : 0 }, () => {
      const helper = new Worker(WORKER, { workerData: source })
      helper.unref()
      // `take` waits for a dead helper's noise no longer than its patience, then makes it itself.
      helper.on('error', () => {})
      return helper
    })
  }

  /** Orders noise that will be taken; forgets what was ordered before and never taken. */
  order(draws: readonly Draw[]): void {
    this.#ready.clear()
    const wanted = draws.filter(({ sigma }) => sigma > 0)
    const share = Math.ceil(wanted.length / Math.max(1, this.#helpers.length))
    for (let from = 0; from < wanted.length && this.#helpers.length > 0; from += share) {
      this.#give(wanted.slice(from, from + share))
    }
  }

  /** Fills `out` [T, d] with a draw: with what was ordered, else made now. */
  take(draw: Draw, out: Float32Array): void {
    if (draw.sigma === 0) {
      out.fill(0)
      return
    }
    const found = this.#ready.get(keyOf(draw))
    if (found && Atomics.wait(found.batch.flag, 0, 0, PATIENCE) !== 'timed-out') {
      out.set(found.batch.values.subarray(found.from, found.from + draw.size))
      return
    }
    this.#kernel.fillNoise(out, draw)
  }

  close(): void {
    for (const helper of this.#helpers) void helper.terminate()
  }

  #give(draws: readonly Draw[]): void {
    const out = new SharedArrayBuffer(4 * draws.reduce((sum, { size }) => sum + size, 0))
    const done = new SharedArrayBuffer(4)
    const batch = { flag: new Int32Array(done), values: new Float32Array(out) }
    let from = 0
    for (const draw of draws) {
      this.#ready.set(keyOf(draw), { batch, from })
      from += draw.size
    }
    this.#helpers[this.#next++ % this.#helpers.length]!.postMessage({ draws, out, done })
  }
}

function keyOf({ seed, rollout, step, sigma, target, size }: Draw): string {
  return `${seed}/${rollout}/${step}/${sigma}/${target}/${size}`
}

/** The draws of a request, by the latent they are for; `size` is that of a latent of its board. */
export function drawsOf({ seed, rollout, step, sigma, target }: NoiseRequest, size: number): Draw[] {
  return latentsOf(target).map((latent) => ({ seed, rollout, step, sigma, target: latent, size }))
}
