/** A checkpoint from PyTorch as a ptrm model: reads either format, completes the config, checks every shape. */
import {
  configToJson,
  listModel,
  listSafetensors,
  type Tensors,
  type TrmConfig,
  widenToF32,
} from '@ptrm/core-wasm'
import { type AnyKind, kindNamed, tokenFaults } from '@ptrm/puzzles'
import { type GivenConfig, readConfigJson } from './config-file.ts'
import { type FoundTrm, findTrm, flatten, type Weights } from './entries.ts'
import { CheckpointError, ConfigConflictError, MissingConfigError, type MissingField } from './errors.ts'
import { isOwn, refuseForeign } from './foreign.ts'
import { inferConfig } from './infer.ts'
import { checkShapes } from './shapes.ts'
import { readTorch } from './torch.ts'
import { DTYPE_BYTES, type Dtype, elementCount, readFloats, type Weight } from './weight.ts'
import { safetensorsChunks, type TensorToWrite } from './write.ts'

/** What Node reads of a file at once. A storage may claim any size until its bytes are looked at. */
const MOST_BYTES = 2 ** 31 - 1

/** What the checkpoint does not tell, and which part of it is meant. */
export interface ImportOptions {
  /** What is known besides the weights; `kind` must be. */
  readonly given: GivenConfig
  /** Which TRM, where the checkpoint holds several: the first part of its tensors' names. */
  readonly entry?: string | undefined
  /**
   * The checkpoint's token for ptrm's token 0. Tokens below it leave the vocabulary. Default: what the kind knows of a
   * vocabulary of this size (1 for Sudoku's official 11 tokens: 0 pad, 1 blank, digit d as d + 1), else what the config's
   * answer tokens tell. A vocabulary that is not the kind's own and that neither explains is refused.
   */
  readonly tokenOffset?: number | undefined
}

/** A model file, and what was found on the way to it. */
export interface Imported {
  readonly kind: string
  readonly config: TrmConfig
  readonly entry: string
  readonly tokenOffset: number
  /** How many tensors of each type; f64 is written as F32. */
  readonly dtypes: ReadonlyMap<Dtype, number>
  /** Tensors beside the TRM's own, which the file leaves out; none of the network's. */
  readonly leftOut: readonly string[]
  /** The model file, piece by piece. Throws `CheckpointError` where a tensor's bytes are damaged or not finite. */
  chunks(): Iterable<Uint8Array>
}

/** Reads a whole checkpoint, `.pt` or safetensors; which one, its first bytes tell. Throws `CheckpointError`, `ModelFormatError`. */
export function readCheckpoint(file: Uint8Array, entry?: string): FoundTrm {
  const start = String.fromCharCode(...file.subarray(0, 4))
  if (isSafetensors(file)) return findTrm(safetensorsWeights(file), entry)
  if (start.startsWith('PK\x03\x04')) return findTrm(flatten(readTorch(file)), entry)
  if (start.startsWith('\x80'))
    throw new CheckpointError(
      'unsupported',
      'a torch.save file of the form before torch 1.6: load it and torch.save it again',
    )
  throw new CheckpointError('malformed', 'neither a torch.save zip nor a safetensors file')
}

/** Plans the import. Throws named errors, each with everything that is wrong at its stage. */
export function importCheckpoint(file: Uint8Array, options: ImportOptions): Imported {
  const { entry, tokenOffset } = options
  const found = readCheckpoint(file, entry)
  // Before any question about a config: a network that is no TRM has none that would do.
  refuseForeign(found.weights, isOwn)
  const given = merged(ownConfig(file), options.given)
  const kind = given.kind === undefined ? undefined : kindNamed(given.kind)
  const board = kind?.notation.size
  const raw = withKind(kind, () => inferConfig(found.weights, given, board && board.rows * board.cols))
  const shapes = checkShapes(raw, found.weights)
  const offset = tokenOffset ?? offsetOf(raw, kind!)
  const config = shiftConfig(raw, offset, kind!)
  const names = [...shapes.keys()]
  const weights = new Map(names.map((name) => [name, shiftWeight(name, found.weights.get(name)!, offset)]))
  const metadata = {
    ptrm: JSON.stringify(configToJson({ kind: kind!.name, config, recommended: given.recommended ?? {} })),
  }
  const tensors = names.map((name) => toWrite(name, weights.get(name)!))
  refuseUnreadable(tensors, metadata)
  return {
    kind: kind!.name,
    config,
    entry: found.entry,
    tokenOffset: offset,
    dtypes: countDtypes(weights),
    leftOut: [...found.weights.keys()].filter((name) => !shapes.has(name)).concat(found.beside),
    chunks: () => safetensorsChunks(tensors, metadata),
  }
}

/** The tensors that a config asks for, widened, for an engine. Throws as `importCheckpoint`. */
export function checkpointTensors(config: TrmConfig, weights: Weights): Tensors {
  const names = [...checkShapes(config, weights).keys()]
  return new Map(
    names.map((name) => {
      const weight = weights.get(name)!
      const { dtype, bytes } = readFloats(name, weight)
      return [name, { shape: weight.shape, data: widenToF32(bytes, dtype) }]
    }),
  )
}

/** The config that a safetensors file of ours carries; of any other file, nothing. */
function ownConfig(file: Uint8Array): GivenConfig {
  if (!isSafetensors(file)) return {}
  const text = listSafetensors(file).metadata['ptrm']
  return text === undefined ? {} : readConfigJson(text, "the file's own config")
}

/** What is given wins over the file's own, field by field; in the plan, value by value: one of them names no whole plan. */
function merged(own: GivenConfig, given: GivenConfig): GivenConfig {
  const recommended = { ...own.recommended, ...known(given.recommended ?? {}) }
  return { ...own, ...known(given), recommended }
}

function known<Fields extends object>(given: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>
}

/** By the header's first brace; its length, in front, may look like any other magic number. */
function isSafetensors(file: Uint8Array): boolean {
  return file[8] === 0x7b
}

function safetensorsWeights(file: Uint8Array): Weights {
  const { entries } = listSafetensors(file)
  return new Map(
    [...entries].map(([name, { dtype, shape, bytes }]): [string, Weight] => [
      name,
      { dtype: dtype as Dtype, shape, read: () => bytes },
    ]),
  )
}

/** Adds the kind to what is missing: only a whole model needs one, a config alone does not. */
function withKind(kind: AnyKind | undefined, infer: () => TrmConfig): TrmConfig {
  const field: MissingField = { field: 'kind', flag: '--kind NAME', why: 'weights know no puzzle' }
  try {
    const config = infer()
    if (kind !== undefined) return config
  } catch (error) {
    if (!(error instanceof MissingConfigError) || kind !== undefined) throw error
    throw new MissingConfigError([field, ...error.missing])
  }
  throw new MissingConfigError([field])
}

/** The checkpoint's token for the kind's 0, where its size or its config tells. Throws `ConfigConflictError`. */
function offsetOf({ vocabSize, answerTokens }: TrmConfig, { name, vocabulary }: AnyKind): number {
  const { size, answers, others = [] } = vocabulary
  if (vocabSize <= size) return 0 // too few are refused with all else that does not fit
  const other = others.find((known) => known.size === vocabSize)
  if (other) return other.offset
  const shift = answerTokens.length === answers.length ? answerTokens[0]! - answers[0]! : -1
  if (shift >= 0 && answers.every((token, i) => answerTokens[i] === token + shift)) return shift
  const more = vocabSize - size
  throw new ConfigConflictError([
    `vocab_size is ${vocabSize}, ${name} has ${size} tokens: give the checkpoint's token for ptrm's 0 by --token-offset N (--token-offset ${more} if the ${more} more stand in front)`,
  ])
}

/** The config without the tokens below the offset, answering with the kind's tokens where it does not say with which. */
function shiftConfig(config: TrmConfig, offset: number, kind: AnyKind): TrmConfig {
  const vocabSize = config.vocabSize - offset
  if (!Number.isInteger(offset) || offset < 0 || vocabSize < 1)
    throw new ConfigConflictError([`a token offset of ${offset} leaves no token of ${config.vocabSize}`])
  const answerTokens = config.answerTokens.map((token) => token - offset)
  const outside = answerTokens.filter((token) => token < 0 || token >= vocabSize)
  if (outside.length > 0)
    throw new ConfigConflictError([
      `answer_tokens ${outside.map((token) => token + offset)} are outside the vocabulary of ${config.vocabSize} from ${offset}`,
    ])
  const shifted = {
    ...config,
    vocabSize,
    answerTokens: answerTokens.length > 0 ? answerTokens : kind.vocabulary.answers,
  }
  const faults = tokenFaults(kind, shifted)
  if (faults.length > 0) throw new ConfigConflictError(faults)
  return shifted
}

/** Without the rows of the tokens below the offset: the network never sees them, and can't answer them. */
function shiftWeight(name: string, weight: Weight, offset: number): Weight {
  if (offset === 0 || (name !== 'embed_tokens.embedding_weight' && name !== 'lm_head.weight')) return weight
  const [rows, columns] = weight.shape as [number, number]
  const read = () => {
    const bytes = weight.read()
    return bytes.subarray((bytes.length / rows) * offset)
  }
  return { dtype: weight.dtype, shape: [rows - offset, columns], read }
}

/**
 * What is written must be read again: by the loader's own checks of sizes and work, which look at a file's list alone. The
 * zeros that stand for the weights are never touched, so they take no memory. Throws `ModelFormatError`, `CheckpointError`.
 */
function refuseUnreadable(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): void {
  const [list] = safetensorsChunks(tensors, metadata)
  const weights = tensors.reduce((sum, { dtype, shape }) => sum + elementCount(shape) * DTYPE_BYTES[dtype], 0)
  const size = list!.length + weights
  if (size > MOST_BYTES)
    throw new CheckpointError(
      'too-large',
      `the model file would have ${size} bytes; at most ${MOST_BYTES} are read`,
    )
  const file = new Uint8Array(size)
  file.set(list!)
  listModel(file)
}

function toWrite(name: string, weight: Weight): TensorToWrite {
  const { dtype, shape } = weight
  const float = dtype === 'F16' || dtype === 'BF16' ? dtype : 'F32'
  return { name, dtype: float, shape, read: () => readFloats(name, weight).bytes }
}

function countDtypes(weights: Weights): Map<Dtype, number> {
  const counts = new Map<Dtype, number>()
  for (const { dtype } of weights.values()) counts.set(dtype, (counts.get(dtype) ?? 0) + 1)
  return counts
}
