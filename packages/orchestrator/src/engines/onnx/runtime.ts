/** Finds onnxruntime-node and opens sessions on its providers; everything that can be missing is a `BackendUnavailableError`. */
import { BackendUnavailableError, messageOf } from '../../errors.ts'
import { installCommand } from './install.ts'
import type { Provider } from './options.ts'

/** A tensor of onnxruntime, as far as it is used here: `data` is row-major over `dims`. */
export interface OnnxTensor {
  readonly data: unknown
  readonly dims: readonly number[]
}

/** A graph that is open on a provider. The opener releases it. */
export interface OnnxSession {
  readonly inputNames: readonly string[]
  /** Runs the graph; `fetches` names the outputs wanted, all of them without it. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    fetches?: readonly string[],
  ): Promise<Readonly<Record<string, OnnxTensor>>>
  release(): Promise<void>
}

/** onnxruntime-node, as far as it is used here: its own types are not there where it is not installed. */
export interface Onnxruntime {
  readonly InferenceSession: {
    create(graph: Uint8Array, options: object): Promise<OnnxSession>
  }
  readonly Tensor: {
    new (type: 'float32', data: Float32Array, dims: readonly number[]): OnnxTensor
    new (type: 'int64', data: BigInt64Array, dims: readonly number[]): OnnxTensor
  }
}

/** The optional dependency. Rejects with `BackendUnavailableError`, the loader's own reason in it. */
export async function loadRuntime(): Promise<Onnxruntime> {
  try {
    const loaded = await import('onnxruntime-node')
    return (loaded as { default?: Onnxruntime }).default ?? (loaded as Onnxruntime)
  } catch (cause) {
    throw new BackendUnavailableError(
      'onnx',
      `${messageOf(cause)}; install it with '${installCommand()}'`,
      cause,
    )
  }
}

/** What a graph is opened on. */
export interface SessionOptions {
  readonly provider: Provider
  /** CUDA's number of the GPU; default 0. */
  readonly deviceId?: number | undefined
  /** Threads of the CPU provider; 0 = one a core, which is the default. */
  readonly threads?: number | undefined
}

/** Opens a graph on one provider and no other. Rejects with `BackendUnavailableError` where the provider can't be had. */
export async function openSession(
  runtime: Onnxruntime,
  graph: Uint8Array,
  { provider, deviceId = 0, threads = 0 }: SessionOptions,
): Promise<OnnxSession> {
  const cuda = provider === 'cuda'
  try {
    return await runtime.InferenceSession.create(graph, {
      executionProviders: [cuda ? { name: 'cuda', deviceId } : 'cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Graphs for CUDA have kernels there for every node: one on the CPU would be a copy both ways in every step.
      ...(cuda && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
    })
  } catch (cause) {
    throw new BackendUnavailableError(`onnx-${provider}`, cudaFailure(messageOf(cause)), cause)
  }
}

/** Of a failed call of CUDA its number, meaning and name, without the C++ around it; any other message as it is. */
export function cudaFailure(message: string): string {
  const [, failure, call] = /(CUDA failure \d+: .*?) ; GPU=.* expr=([^;]+);/.exec(message) ?? []
  return failure === undefined ? message : `${failure} (${call})`
}
