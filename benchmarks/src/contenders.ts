/** What the benchmark compares: our kernel's variants and onnxruntime's builds, each on one thread, behind one interface. */
import { compileKernel, flatBoard, instantiateKernel, type KernelVariant } from '@ptrm/core-wasm'
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common'
import { stepGraph } from './onnx-graph.ts'
import { embedTokens, initialLatent, type RandomTrm } from './random-trm.ts'

/** One rollout of one model on one implementation. */
export interface Contender {
  readonly name: string
  /** Advances the rollout by one deep recursion step. */
  step(): void | Promise<void>
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

/** The row that the ratios are taken against. */
export const PEER = 'onnxruntime-web'

/** Everyone who can run here; onnxruntime-node is optional, the others are not. */
export async function openContenders(trm: RandomTrm): Promise<Contender[]> {
  const graph = stepGraph(trm)
  const native = await openOnnxNode(trm, graph)
  return [
    await openKernel(trm, 'simd128'),
    await openKernel(trm, 'relaxed'),
    await openOnnxWeb(trm, graph),
    ...(native ? [native] : []),
  ]
}

export async function openKernel(trm: RandomTrm, variant: KernelVariant): Promise<Contender> {
  const kernel = await instantiateKernel(await compileKernel({ variant }))
  const model = kernel.load(trm.config, trm.tensors)
  model.start(0, flatBoard(trm.tokens))
  return {
    name: `ptrm ${variant}`,
    step: () => void model.step(0),
    outputs: () => ({ logits: model.logits(0).slice(), q: model.q(0).slice() }),
    close: () => model.close(),
  }
}

/**
 * onnxruntime-web's CPU build at its best: its npm package has no relaxed SIMD build (Node 20, which lacks relaxed
 * SIMD, compiles its .wasm), and `env.wasm.simd = 'relaxed'` merely asks the engine for the feature, changing no code.
 */
async function openOnnxWeb(trm: RandomTrm, graph: Uint8Array): Promise<Contender> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  ort.env.wasm.proxy = false
  return openSession(PEER, ort, trm, graph, { executionProviders: ['wasm'] })
}

/** The native build (AVX2, AVX-512 where there is), as a reference of what the machine can do; null when not installed. */
async function openOnnxNode(trm: RandomTrm, graph: Uint8Array): Promise<Contender | null> {
  let ort: Onnxruntime
  try {
    ort = await import('onnxruntime-node')
  } catch {
    return null
  }
  return openSession('onnxruntime-node', ort, trm, graph, { executionProviders: ['cpu'] })
}

interface Onnxruntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: TensorConstructor
}

async function openSession(
  name: string,
  ort: Onnxruntime,
  trm: RandomTrm,
  graph: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<Contender> {
  const oneThread = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const
  const session = await ort.InferenceSession.create(graph, {
    ...options,
    ...oneThread,
    graphOptimizationLevel: 'all',
  })
  const shape = [trm.config.prefix + trm.config.seqLen, trm.config.hiddenSize]
  const tensor = (data: Float32Array) => new ort.Tensor('float32', data, shape)
  const x = tensor(embedTokens(trm))
  const noise = tensor(new Float32Array(x.data.length))
  let last: InferenceSession.ReturnType = {
    z_H_out: tensor(initialLatent(trm, 'H_init')),
    z_L_out: tensor(initialLatent(trm, 'L_init')),
  }
  const read = (output: string) => last[output]!.data as Float32Array
  return {
    name,
    step: async () => {
      last = await session.run({ x, noise, z_H: last['z_H_out']!, z_L: last['z_L_out']! })
    },
    outputs: () => ({ logits: read('logits'), q: read('q') }),
    close: () => session.release(),
  }
}
