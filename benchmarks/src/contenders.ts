/** What the benchmark compares: our kernel's variants and onnxruntime's builds, each on one thread, behind one interface. */
import { exportOnnx } from '@ptrm/checkpoints'
import {
  type BoardSize,
  initialLatent,
  type Kernel,
  type KernelVariant,
  loadKernel,
  type Model,
  type NoiseDraw,
  rowsOf,
  sizedModel,
  stepCost,
  type TokenBoard,
} from '@ptrm/core-wasm'
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common'
import { stepGraph } from './onnx-graph.ts'
import { embedTokens } from './random-trm.ts'
import type { DenseTrm, Subject } from './subjects.ts'

/** One rollout of one model on one implementation. */
export interface Contender {
  readonly name: string
  /** Floating point operations of a step as it computes it; see `stepCost`. */
  readonly flops: number
  /** Begins a rollout on a board, with fresh latents. */
  start(board: TokenBoard): void
  /** Advances the rollout by one deep recursion step; makes this noise and adds it to z_L before, or none. */
  step(noise?: NoiseDraw): void | Promise<void>
  /** The last step's outputs. */
  outputs(): StepOutputs
  close(): void | Promise<void>
}

export interface StepOutputs {
  /** Row-major [L, vocab]. */
  readonly logits: Float32Array
  /** Halt and continue logit. */
  readonly q: Float32Array
}

/** The rows that ratios are taken against, by name; the last is optional. */
export const PEER = 'onnxruntime-web, dense'
export const NATIVE = 'onnxruntime-node, dense'
export const OWN_DENSE = 'ptrm relaxed, dense'

/** Everyone who can run here, at the first board; onnxruntime-node is optional, the others are not. */
export async function openContenders(subject: Subject): Promise<Contender[]> {
  const { model, dense, boards } = subject
  const graph = stepGraph(dense)
  const free = model.config.tie
    ? [await openKernel(model, 'relaxed'), await openKernel(model, 'simd128')]
    : []
  const native = await openOnnxNode(dense, graph)
  const contenders = [
    ...free,
    await openKernel(dense, 'relaxed'),
    await openKernel(dense, 'simd128'),
    await openOnnxWeb(dense, graph),
    ...(native ? [native] : []),
  ]
  for (const contender of contenders) contender.start(boards[0])
  return contenders
}

export async function openKernel(
  { config, tensors }: Pick<Model, 'config' | 'tensors'>,
  variant: KernelVariant,
): Promise<Contender> {
  const kernel = await loadKernel({ variant })
  const model = kernel.load(config, tensors)
  const { flops } = stepCost({ config, tensors })
  return {
    name: `ptrm ${variant}, ${config.tie ? 'free weights' : 'dense'}`,
    flops,
    start: (board) => model.start(0, board),
    step: (noise) => void model.step(0, noise),
    outputs: () => ({ logits: model.logits(0).slice(), q: model.q(0).slice() }),
    close: () => model.close(),
  }
}

/**
 * onnxruntime-web's CPU build at its best: its npm package has no relaxed SIMD build (Node 20, which lacks relaxed
 * SIMD, compiles its .wasm), and `env.wasm.simd = 'relaxed'` merely asks the engine for the feature, changing no code.
 */
async function openOnnxWeb(trm: DenseTrm, graph: Uint8Array): Promise<Contender> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  ort.env.wasm.proxy = false
  return openSession(PEER, ort, trm, graph, { executionProviders: ['wasm'] })
}

/** The native build (AVX2, AVX-512 where there is), as a reference of what the machine can do; null when not installed. */
async function openOnnxNode(trm: DenseTrm, graph: Uint8Array): Promise<Contender | null> {
  let ort: Onnxruntime
  try {
    ort = await import('onnxruntime-node')
  } catch {
    return null
  }
  return openSession(NATIVE, ort, trm, graph, { executionProviders: ['cpu'] })
}

/**
 * A model by the graph that `ptrm export` and our onnx engine write, for boards of one size, on onnxruntime-web: also models
 * that are no plain TRM.
 */
export async function openExported(model: Model, board: BoardSize): Promise<Contender> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  const sized = sizedModel(model, board)
  const session = await ort.InferenceSession.create(exportOnnx(sized), { executionProviders: ['wasm'] })
  const kernel: Kernel = await loadKernel({ variant: 'simd128' })
  const shape = [1, rowsOf(sized.config), sized.config.hiddenSize]
  const latent = (data: Float32Array) => new ort.Tensor('float32', data, shape)
  const drawn = new Float32Array(shape[1]! * shape[2]!)
  let tokens = new ort.Tensor('int64', [], [1, 0])
  let last: InferenceSession.ReturnType = {}
  const read = (output: string) => last[output]!.data as Float32Array
  return {
    name: 'onnxruntime-web, exported',
    flops: stepCost(sized).flops,
    start: (started) => {
      tokens = new ort.Tensor('int64', BigInt64Array.from(started.tokens, BigInt), [1, started.tokens.length])
      last = {
        z_H_out: latent(initialLatent(sized, 'H_init')),
        z_L_out: latent(initialLatent(sized, 'L_init')),
      }
    },
    step: async (noise) => {
      if (noise) kernel.fillNoise(drawn, noise)
      else drawn.fill(0)
      const latents = { z_H: last['z_H_out']!, z_L: last['z_L_out']! }
      last = await session.run({ tokens, noise: latent(drawn), ...latents })
    },
    outputs: () => ({ logits: read('logits'), q: read('q') }),
    close: () => session.release(),
  }
}

interface Onnxruntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: TensorConstructor
}

/** Its noise is the kernel's, as our onnx engine has it. */
async function openSession(
  name: string,
  ort: Onnxruntime,
  trm: DenseTrm,
  graph: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<Contender> {
  const oneThread = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const
  const session = await ort.InferenceSession.create(graph, {
    ...options,
    ...oneThread,
    graphOptimizationLevel: 'all',
  })
  const kernel: Kernel = await loadKernel({ variant: 'simd128' })
  const shape = [rowsOf(trm.config), trm.config.hiddenSize]
  const tensor = (data: Float32Array) => new ort.Tensor('float32', data, shape)
  const drawn = new Float32Array(shape[0]! * shape[1]!)
  let x = tensor(drawn.slice())
  let last: InferenceSession.ReturnType = {}
  const read = (output: string) => last[output]!.data as Float32Array
  return {
    name,
    flops: stepCost(trm).flops,
    start: ({ tokens }) => {
      x = tensor(embedTokens(trm, tokens))
      last = { z_H_out: tensor(initialLatent(trm, 'H_init')), z_L_out: tensor(initialLatent(trm, 'L_init')) }
    },
    step: async (noise) => {
      if (noise) kernel.fillNoise(drawn, noise)
      else drawn.fill(0)
      last = await session.run({ x, noise: tensor(drawn), z_H: last['z_H_out']!, z_L: last['z_L_out']! })
    },
    outputs: () => ({ logits: read('logits'), q: read('q') }),
    close: () => session.release(),
  }
}
