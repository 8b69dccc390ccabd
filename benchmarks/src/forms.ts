/** Several deep recursion steps in one run of onnxruntime: as one-step runs, as a Loop, and unrolled. */

import { exportOnnx } from '@ptrm/checkpoints'
import { fixedLength, type Model, rowsOf } from '@ptrm/core-wasm'
import { loadRuntime, openSession } from '@ptrm/orchestrator/onnx'
import { cpuMs } from './clock.ts'
import { type Spread, spread } from './report.ts'

export interface FormFigure {
  readonly form: string
  readonly slots: number
  /** CPU milliseconds. */
  readonly msPerRolloutStep: Spread
  /** Milliseconds to open the session, and bytes of the graph. */
  readonly openMs: number
  readonly bytes: number
}

const STEPS = 4
const SLOTS = 8

/** The forms in turn, one thread, noise on z_L as an input. */
export async function measureForms(model: Model, repeats: number): Promise<FormFigure[]> {
  const runtime = await loadRuntime()
  const { config } = model
  const seqLen = fixedLength(config)
  const latent = [SLOTS, rowsOf(config), config.hiddenSize]
  const floats = (dims: number[]) =>
    new runtime.Tensor(
      'float32',
      Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
      dims,
    )
  const tokens = new runtime.Tensor('int64', new BigInt64Array(SLOTS * seqLen).fill(1n), [SLOTS, seqLen])
  const feeds = { tokens, z_H: floats(latent), z_L: floats(latent) }
  const forms = [
    { form: `${STEPS} runs of one step`, graph: exportOnnx(model, {}), runs: STEPS, noise: latent },
    ...(['loop', 'unrolled'] as const).map((form) => {
      return { form, graph: exportOnnx(model, { steps: STEPS, form }), runs: 1, noise: [STEPS, ...latent] }
    }),
  ]
  const opened = []
  for (const { form, graph, runs, noise } of forms) {
    const started = performance.now()
    const session = await openSession(runtime, graph, { provider: 'cpu', threads: 1 })
    const openMs = performance.now() - started
    const noiseTensor = floats(noise)
    const run = async () => {
      let at = feeds
      for (let i = 0; i < runs; i++) {
        const out = await session.run({ ...at, noise: noiseTensor })
        at = { ...feeds, z_H: out['z_H_out'] as typeof feeds.z_H, z_L: out['z_L_out'] as typeof feeds.z_L }
      }
    }
    await run()
    opened.push({ form, session, run, openMs, bytes: graph.length, samples: [] as number[] })
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const one of opened) {
      one.samples.push((await cpuMs(one.run)) / STEPS / SLOTS)
    }
  }
  for (const { session } of opened) await session.release()
  return opened.map(({ form, openMs, bytes, samples }) => {
    return { form, slots: SLOTS, msPerRolloutStep: spread(samples), openMs, bytes }
  })
}
