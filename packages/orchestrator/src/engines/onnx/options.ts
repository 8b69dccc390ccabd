/** The options of the onnx engines, free of onnxruntime's own types, which are not installed everywhere. */

/** `cuda` where one NVIDIA GPU is to do the work, `cpu` elsewhere. */
export type Provider = 'cuda' | 'cpu'

/** How one engine on onnxruntime is opened. */
export interface OnnxEngineOptions {
  /** Default `cpu`. */
  readonly provider?: Provider | undefined
  /** Rollouts held at once; default 1. */
  readonly slots?: number | undefined
  /** CUDA's number of the GPU; default 0. */
  readonly deviceId?: number | undefined
  /**
   * Threads of the CPU provider; default 1. With more, onnxruntime sums in another order for one board than for several:
   * a rollout's numbers then depend, in their last bits, on what runs beside it.
   */
  readonly threads?: number | undefined
  /** Matrix products in half precision. Default false. */
  readonly fp16?: boolean | undefined
  /**
   * CUDA: fills every batch up to all slots. The order of sums there depends on the size of a batch, and so do a rollout's
   * last bits; with this they are the same whatever runs beside it, on the same card and number of slots. Default false.
   */
  readonly fixedBatch?: boolean | undefined
  /** Deep recursion steps in one run, where that many are announced; saves copies to and from a GPU. Default 1. */
  readonly stepsPerRun?: number | undefined
  /**
   * Who makes the noise. `graph`: the graph itself, to the kernel's bits; latents then begin in it too, and neither
   * travels to the device. `host`: the kernel. Default `graph` on CUDA for several steps a run, else `host`.
   */
  readonly noise?: 'graph' | 'host' | undefined
  /** How several steps are written in a graph: as one body that is run again, or one after the other. Default `loop`. */
  readonly form?: 'loop' | 'unrolled' | undefined
}

/** Of `createSolver` on CUDA: half of most plans' steps, so that a stop rule wastes few. Not measured yet. */
export const CUDA_STEPS_PER_RUN = 8

/** As callers of `createSolver` give them. `slots`: default 1 a worker on the CPU, 256 on CUDA; `stepsPerRun`: 8 on CUDA. */
export type OnnxOptions = Omit<OnnxEngineOptions, 'provider' | 'deviceId'> & {
  /** CUDA's numbers of the GPUs: a worker and a session each, `slots` of each. Default [0]. */
  readonly devices?: readonly number[] | undefined
  /** Products of 19-bit precision on CUDA, faster and off by default: answers then differ from the CPU's more often. */
  readonly tf32?: boolean | undefined
}

/** Who makes the noise, by default and as said. */
export function noiseMaker({ provider, stepsPerRun = 1, noise }: OnnxEngineOptions): 'graph' | 'host' {
  return noise ?? (provider === 'cuda' && stepsPerRun > 1 ? 'graph' : 'host')
}
