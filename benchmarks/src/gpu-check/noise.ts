/** The noise that a graph makes on one provider of onnxruntime against the kernel's: equal bits, or how far off? */
import { exportNoise } from '@ptrm/checkpoints'
import { type Kernel, LATENTS, loadKernel, type NoiseDraw } from '@ptrm/core-wasm'
import { loadRuntime, openSession } from '@ptrm/orchestrator/onnx'
import { runPart } from './part.ts'
import { ulpsBetween } from './ulps.ts'

/** Rows and width of the latents: odd ones, and those of bundled models. */
const SHAPES = [
  [1, 7],
  [13, 41],
  [97, 128],
] as const
/** What may be off on a GPU: a root or a product that is rounded the other way. */
const ALLOWED_ULPS = 1

const draws: readonly NoiseDraw[] = [0n, 42n, (1n << 64n) - 1n].flatMap((seed) =>
  [0, 1, 999].flatMap((rollout) =>
    LATENTS.map((target, i) => ({ seed, rollout, step: 7 * rollout + i, sigma: i === 0 ? 0.3 : 1, target })),
  ),
)

function kernelNoise(kernel: Kernel, size: number): Float32Array {
  const wanted = new Float32Array(draws.length * size)
  for (const [i, draw] of draws.entries()) {
    const one = new Float32Array(size)
    kernel.fillNoise(one, draw)
    wanted.set(one, i * size)
  }
  return wanted
}

await runPart(async (provider) => {
  const [runtime, kernel] = await Promise.all([loadRuntime(), loadKernel({ variant: 'simd128' })])
  const keys = BigInt64Array.from(draws, (draw) => BigInt.asIntN(64, kernel.noiseKey(draw)))
  const sigmas = Float32Array.from(draws, ({ sigma }) => sigma)
  const shapes = []
  for (const [rows, width] of SHAPES) {
    const session = await openSession(runtime, exportNoise([rows, width]), { provider, threads: 1 })
    const { noise } = await session.run({
      keys: new runtime.Tensor('int64', keys, [draws.length]),
      sigmas: new runtime.Tensor('float32', sigmas, [draws.length]),
    })
    const ulps = ulpsBetween(noise!.data as Float32Array, kernelNoise(kernel, rows * width))
    await session.release()
    shapes.push({
      rows,
      width,
      values: ulps.length,
      unequal: ulps.filter((n) => n > 0).length,
      most: ulps.reduce((most, each) => Math.max(most, each), 0),
    })
    console.log(JSON.stringify(shapes.at(-1)))
  }
  return {
    figures: { shapes },
    wrong: shapes
      .filter(({ most }) => !(most <= ALLOWED_ULPS))
      .map(({ rows, width, most }) => `${rows} x ${width}: up to ${most} ulps off, allowed ${ALLOWED_ULPS}`),
  }
})
