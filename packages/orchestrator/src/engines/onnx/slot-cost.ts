/** Bytes that a slot holds and moves on onnxruntime. Counted; only the arena's share is measured. */
import {
  type BoardSize,
  fixedLength,
  innerWidths,
  knowsRooms,
  type Model,
  rowsOf,
  type Sizes,
  sizedModel,
  tapsOf,
} from '@ptrm/core-wasm'

/** How the graph is run, and for what. */
export interface SlotCostOptions {
  /** Deep recursion steps in one run of the graph; default 1. */
  readonly stepsPerRun?: number | undefined
  /** Latents that get noise: 1, or 2 for the target `both`; default 1. */
  readonly noises?: number | undefined
  /** Who makes it; default `host`. */
  readonly noise?: 'graph' | 'host' | undefined
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
  /**
   * Per slot and step, to the device and back: there is no binding of device memory from Node, so latents travel. Where the
   * graph makes the noise, they don't travel into a rollout's first run nor out of its last: this is a run in between.
   */
  readonly copiedBytes: number
}

/**
 * Memory that onnxruntime takes over what is counted, the CPU provider's worst of two sizes and two forms: 1.46 to 1.71
 * (`npm run bench:memory`), as its arena grows in leaps. Not measured on CUDA.
 */
export const ARENA = 1.75
/** The same where the graph makes the noise: 1.4 to 2.9, in both forms of 1 to 8 steps, of a bundled size. */
const NOISE_ARENA = 3

const F32 = 4
const I64 = 8

/**
 * Bytes of one slot on onnxruntime, which runs free weights written out, but those whose mix depends on the puzzle. Throws as
 * `sizedModel`.
 */
export function slotCost(
  model: Model,
  { stepsPerRun = 1, noises = 1, noise = 'host', board }: SlotCostOptions = {},
): SlotCost {
  const { config, tensors } = sizedModel(model, board)
  const seqLen = fixedLength(config)
  const latent = rowsOf(config) * config.hiddenSize * F32
  const job = { seqLen, vocabSize: config.vocabSize, latent, stepsPerRun, noises }
  const { input, output, fetched, work, arena } = noise === 'graph' ? graphNoise(job) : hostNoise(job)
  const ioBytes = input + output
  const workBytes = 5 * latent + Math.max(widest({ config, tensors }) * F32, work)
  const weights = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0)
  return {
    weightBytes: (weights + (knowsRooms(config.tie) ? ROOM_CONSTANTS * seqLen ** 2 : 0)) * F32,
    ioBytes,
    workBytes,
    slotBytes: Math.ceil(arena * (ioBytes + workBytes)),
    copiedBytes: (input + fetched) / stepsPerRun,
  }
}

/** What a slot's inputs and outputs depend on. */
interface Job {
  readonly seqLen: number
  readonly vocabSize: number
  /** Bytes. */
  readonly latent: number
  readonly stepsPerRun: number
  readonly noises: number
}

/** Bytes of a slot, in a run. */
interface Moved {
  readonly input: number
  readonly output: number
  /** Of the output, what is copied back. */
  readonly fetched: number
  /** Inside the graph, beside the net's own. */
  readonly work: number
  readonly arena: number
}

function hostNoise({ seqLen, vocabSize, latent, stepsPerRun, noises }: Job): Moved {
  // One step adds its noise to the latents on the way in; several steps need it beside them.
  const noise = stepsPerRun === 1 ? 0 : noises * stepsPerRun * latent
  const fetched = 2 * latent + stepsPerRun * (seqLen + 2 * F32)
  const logits = stepsPerRun * seqLen * vocabSize * F32
  return {
    input: seqLen * I64 + 2 * latent + noise,
    output: fetched + logits,
    fetched,
    work: 0,
    arena: ARENA,
  }
}

function graphNoise({ seqLen, latent, stepsPerRun, noises }: Job): Moved {
  // Tokens, latents and which of them; sigmas and keys.
  const input = seqLen * I64 + 2 * latent + I64 + stepsPerRun * (F32 + noises * I64)
  const output = 2 * latent + stepsPerRun * (seqLen + F32)
  return { input, output, fetched: output, work: (NOISE_BYTES / F32) * latent, arena: NOISE_ARENA }
}

/** Bytes an element while noise is made: 64 bits each for a word, its key's multiples, and parts of it. */
export const NOISE_BYTES: number = 6 * I64
/** As much may noise take that is made for a whole run at once, on CUDA. More is made step by step. */
export const NOISE_AHEAD_BYTES: number = 2 * 2 ** 30

/** Constants [L, L] of a graph that knows rooms: what cells see by 13 fixed taps, there and back, and by 9 within a room. */
const ROOM_CONSTANTS = 13 + 13 + 9
/** Values [L, L] of each of its slots: what cells see within their rooms, as masks, weighed, and turned around. */
const ROOM_VALUES = 3 * 9

/** Numbers of a slot inside the graph at its widest: gate, up and product, or what the cells of a board with rooms see. */
function widest({ config, tensors }: Sizes): number {
  const { hiddenSize: d, mlpT, numHeads, tie } = config
  const [rows, cells] = [rowsOf(config), fixedLength(config)]
  const { token, channel } = innerWidths({ config, tensors })
  if (tie?.name === 'board' && tie.rooms) {
    const mix = (2 * tapsOf(tie) + 3 * tie.types) * cells * d
    return ROOM_VALUES * cells ** 2 + Math.max(mix, 3 * channel * rows)
  }
  return 3 * Math.max(mlpT ? token * d : 3 * rows * d + numHeads * rows * rows, channel * rows)
}
