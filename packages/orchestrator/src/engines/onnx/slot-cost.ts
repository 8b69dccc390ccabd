/** Bytes that a slot holds and moves on onnxruntime. Counted; only the arena's share is measured. */
import { type BoardSize, fixedLength, innerWidths, type Model, rowsOf, writtenOut } from '@ptrm/core-wasm'

/** How the graph is run, and for what. */
export interface SlotCostOptions {
  /** Deep recursion steps in one run of the graph; default 1. */
  readonly stepsPerRun?: number | undefined
  /** Latents that get noise: 1, or 2 for the target `both`; default 1. */
  readonly noises?: number | undefined
  /** Rows and columns of its boards, where the model takes several; default 10x10. */
  readonly board?: BoardSize | undefined
}

/** Bytes, of the model and of one slot. */
export interface SlotCost {
  /** Weights on the device, once. */
  readonly weightBytes: number
  /** Of one slot: the graph's inputs and outputs. */
  readonly ioBytes: number
  /** Of one slot: values inside the graph at its widest: question, latents, and a block's input, sum, gate, up and product. */
  readonly workBytes: number
  /** Of one slot, all in all: both of the above with what onnxruntime's arena takes beyond them (`ARENA`). */
  readonly slotBytes: number
  /** Per slot and step, to the device and back: there is no binding of device memory from Node, so latents travel. */
  readonly copiedBytes: number
}

/**
 * Memory that onnxruntime takes over what is counted, the CPU provider's worst of two sizes and two forms: 1.46 to 1.71
 * (`npm run bench:memory`), as its arena grows in leaps. Not measured on CUDA.
 */
export const ARENA = 1.75

const F32 = 4
const I64 = 8

/** Bytes of one slot on onnxruntime, which runs free weights written out. Throws as `writtenOut`. */
export function slotCost(
  model: Model,
  { stepsPerRun = 1, noises = 1, board }: SlotCostOptions = {},
): SlotCost {
  const { config, tensors } = writtenOut(model, board)
  const { hiddenSize: d, vocabSize } = config
  const seqLen = fixedLength(config)
  const rows = rowsOf(config)
  const latent = rows * d * F32
  const { token, channel } = innerWidths({ config, tensors })
  // One step adds its noise to the latents on the way in; several steps need it beside them.
  const noise = stepsPerRun === 1 ? 0 : noises * stepsPerRun * latent
  const heads = stepsPerRun * (seqLen * vocabSize * F32 + seqLen + 2 * F32)
  const input = seqLen * I64 + 2 * latent + noise
  const fetched = 2 * latent + stepsPerRun * (seqLen + 2 * F32)
  const inner = Math.max(
    config.mlpT ? token * d : 3 * rows * d + config.numHeads * rows * rows,
    channel * rows,
  )
  const ioBytes = input + 2 * latent + heads
  const workBytes = 5 * latent + 3 * inner * F32
  return {
    weightBytes: [...tensors.values()].reduce((sum, { data }) => sum + data.length * F32, 0),
    ioBytes,
    workBytes,
    slotBytes: Math.ceil(ARENA * (ioBytes + workBytes)),
    copiedBytes: (input + fetched) / stepsPerRun,
  }
}
