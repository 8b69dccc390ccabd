/** What the kernel must be told about a TRM besides its weights; inner widths are read from the weights' shapes. */

/**
 * `simd128`: plain SIMD, the same bits on every machine. `relaxed`: fused multiply-add where the hardware has it,
 * faster there; its rounding may differ between machines.
 */
export const KERNEL_VARIANTS: readonly ['simd128', 'relaxed'] = ['simd128', 'relaxed']
/** One of the two builds of the kernel. */
export type KernelVariant = (typeof KERNEL_VARIANTS)[number]

/** How attention is told where a token stands; by its place in this list to the kernel. */
export const POSITIONS: readonly ['none', 'rope', 'learned'] = ['none', 'rope', 'learned']

/** Rows and columns of a board. */
export interface BoardSize {
  readonly rows: number
  readonly columns: number
}

/** A board as tokens, row by row: shape [rows * columns]. */
export interface TokenBoard extends BoardSize {
  readonly tokens: Uint8Array
}

/** The board of one row: for dense models, which count its cells and know no rows and columns. */
export function flatBoard(tokens: Uint8Array): TokenBoard {
  return { rows: 1, columns: tokens.length, tokens }
}

/** Why many weights of a network are one, and the sizes of its free ones. */
export type Tie =
  | {
      /** By the rows, columns and boxes of a Sudoku, and by its digits. */
      readonly name: 'units'
      /** Channels of a digit's plane. */
      readonly plane: number
      /** Channels beside the planes. */
      readonly shared: number
      /** Inner width of the channel mix, of a plane. */
      readonly planeInner: number
      /** Inner width of the channel mix, beside the planes. */
      readonly sharedInner: number
      /** Hidden units of the token mix, of each row, column and box. */
      readonly unitHidden: number
      /** Hidden units of the token mix, of the whole board. */
      readonly boardHidden: number
    }
  | {
      /** By translation on a board of any size: neighbours and rays. */
      readonly name: 'board'
      /** Kinds of hidden cells of the token mix. */
      readonly types: number
      /** Hidden units of the token mix, of the whole board. */
      readonly boardUnits: number
      /** Where hidden cells also look at the room that they are in, whose borders tokens say: the mix is then the puzzle's. */
      readonly rooms?: true | undefined
    }

/** The sizes and switches of a TRM. */
export interface TrmConfig {
  /** Tokens the model knows; at most 256. */
  readonly vocabSize: number
  /** Board length L; undefined where a board may have any size (the tie `board`). */
  readonly seqLen: number | undefined
  /** Why its weights are tied; undefined for a dense model. */
  readonly tie?: Tie | undefined
  /** Smaller boards are padded up to this at the right and at the bottom with token 0, which stands for outside. */
  readonly leastBoard?: BoardSize | undefined
  /** Rows in front of the board that hold the puzzle embedding; 0 without one. */
  readonly prefix: number
  /** Channels d. */
  readonly hiddenSize: number
  /** Attention heads; unused by the MLP variant. */
  readonly numHeads: number
  readonly layers: number
  readonly hCycles: number
  readonly lCycles: number
  readonly positions: (typeof POSITIONS)[number]
  /** True for the MLP variant (a SwiGLU over the sequence in place of attention). */
  readonly mlpT: boolean
  readonly rmsEps: number
  readonly ropeTheta: number
  /** Tokens that an answer may hold; empty = all. */
  readonly answerTokens: readonly number[]
}

/** Of a model that fixes the length of its boards. */
export type DenseConfig = TrmConfig & { readonly seqLen: number }

/** Board length L of a model that has one. Throws a RangeError for a model of boards of any size. */
export function fixedLength({ seqLen }: Pick<TrmConfig, 'seqLen'>): number {
  if (seqLen !== undefined) return seqLen
  throw new RangeError('the model takes boards of any size; this needs one that fixes its length (seq_len)')
}

/** A dense row-major f32 tensor. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Tensors by the names of the official checkpoint, without its `_orig_mod.model.inner.` prefix. */
export type Tensors = ReadonlyMap<string, Tensor>

/** The two latents. */
export const LATENTS: readonly ['zL', 'zH'] = ['zL', 'zH']
/** The name of a latent. */
export type Latent = (typeof LATENTS)[number]

/** What may get the noise: one latent, or each its own. */
export const NOISE_TARGETS: readonly [...typeof LATENTS, 'both'] = [...LATENTS, 'both']
/** The name of what gets the noise. */
export type NoiseTarget = (typeof NOISE_TARGETS)[number]

/** The latents that a target means. */
export function latentsOf(target: NoiseTarget): readonly Latent[] {
  return target === 'both' ? LATENTS : [target]
}

/** What names the noise of one step of one rollout. */
export interface NoiseRequest {
  /** Unsigned 64-bit. */
  readonly seed: bigint
  /** Rollout number, from 0 to 2^32 - 1. */
  readonly rollout: number
  /** Deep recursion step, from 0 to 2^32 - 1. */
  readonly step: number
  /** Standard deviation, from 0 to 1000; 0 = no noise. */
  readonly sigma: number
  readonly target: NoiseTarget
}

/** What names the noise of one latent. */
export interface NoiseDraw extends NoiseRequest {
  readonly target: Latent
}
