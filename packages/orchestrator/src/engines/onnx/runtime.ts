/** Finds onnxruntime-node and opens sessions on its providers; everything that can be missing is a `BackendUnavailableError`. */
import type { InferenceSession } from 'onnxruntime-node'
import { BackendUnavailableError, messageOf } from '../../errors.ts'
import { INSTALL } from './install.ts'
import type { Provider } from './options.ts'

export type Onnxruntime = typeof import('onnxruntime-node')

/** The optional dependency. Rejects with `BackendUnavailableError`, the loader's own reason in it. */
export async function loadRuntime(): Promise<Onnxruntime> {
  try {
    const loaded = await import('onnxruntime-node')
    return (loaded as { default?: Onnxruntime }).default ?? loaded
  } catch (cause) {
    throw new BackendUnavailableError('onnx', `${messageOf(cause)}; install it with '${INSTALL}'`, cause)
  }
}

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
): Promise<InferenceSession> {
  const cuda = provider === 'cuda'
  try {
    return await runtime.InferenceSession.create(graph, {
      executionProviders: [cuda ? { name: 'cuda', deviceId } : 'cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Loops and shape arithmetic belong on the CPU provider even beside CUDA, so its fallback stays on.
      logSeverityLevel: 3,
    })
  } catch (cause) {
    throw new BackendUnavailableError(`onnx-${provider}`, messageOf(cause), cause)
  }
}
