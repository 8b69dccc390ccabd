/** A model as safetensors under the official code's tensor names, so that weights go back to PyTorch. */
import {
  type BoardSize,
  configToJson,
  type Model,
  ModelFormatError,
  type Tensor,
  writtenOut,
} from '@ptrm/core-wasm'
import { safetensorsChunks } from './import/write.ts'

/** What the official code's compiled model puts in front of the network's own names. */
export const OFFICIAL_PREFIX = '_orig_mod.model.inner.'

/** How names and tokens of the PyTorch code differ. */
export interface ToPyTorchOptions {
  /** In front of every name; default as the official code saves them. */
  readonly prefix?: string | undefined
  /**
   * Tokens to put in front of the vocabulary, with rows of zeros; ptrm's token 0 becomes this one. 1 gives the official
   * Sudoku data's eleven tokens (0 pad, 1 blank, digit d as d + 1). Default 0.
   */
  readonly tokenOffset?: number | undefined
  /** The one size of board that the weights are for, where the model takes several. Default 10x10. */
  readonly board?: BoardSize | undefined
}

const VOCABULARY = ['embed_tokens.embedding_weight', 'lm_head.weight']

/**
 * The file piece by piece, f32, free weights written out; its metadata holds the config under `ptrm`. Throws
 * `ModelFormatError` past 256 tokens, RangeError for a board that the model does not take.
 */
export function toPyTorch(
  given: Model,
  { prefix = OFFICIAL_PREFIX, tokenOffset = 0, board }: ToPyTorchOptions = {},
): Iterable<Uint8Array> {
  const model = writtenOut(given, board)
  const vocabSize = model.config.vocabSize + tokenOffset
  if (!Number.isInteger(tokenOffset) || tokenOffset < 0 || vocabSize > 256)
    throw new ModelFormatError(
      'config',
      `a token offset of ${tokenOffset} makes ${vocabSize} tokens; at most 256`,
    )
  const tensors = [...model.tensors].map(([name, tensor]) => {
    const { shape, data } = VOCABULARY.includes(name) ? withRows(tensor, tokenOffset) : tensor
    const read = () => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return { name: prefix + name, dtype: 'F32' as const, shape, read }
  })
  const answerTokens = model.config.answerTokens.map((token) => token + tokenOffset)
  const config = { ...model.config, vocabSize, answerTokens }
  return safetensorsChunks(tensors, { ptrm: JSON.stringify(configToJson({ ...model, config })) })
}

/** `count` rows of zeros in front of a matrix. */
function withRows({ shape, data }: Tensor, count: number): Tensor {
  const [rows, columns] = shape as [number, number]
  const padded = new Float32Array((rows + count) * columns)
  padded.set(data, count * columns)
  return { shape: [rows + count, columns], data: padded }
}
