/** Which tensors a TRM has and in which shapes, checked against a file's list before a value is read. */
import { fixedLength, type TrmConfig } from './config.ts'
import { ModelFormatError } from './errors.ts'
import { BORDERS, knowsRooms, tiedTensors } from './tie.ts'

type Shape = readonly number[]

/** Anything that has shapes by tensor name: a file's list, or tensors. */
export type Shapes = ReadonlyMap<string, { readonly shape: Shape }>

/**
 * Name and shape of every tensor that the layers of this config read; inner widths and the size of the puzzle embedding
 * are those found. Throws `ModelFormatError` (`missing-tensor`, `wrong-shape`) for the first that does not fit.
 */
export function checkTensors(config: TrmConfig, found: Shapes): Map<string, Shape> {
  const { hiddenSize: d, vocabSize, prefix } = config
  const list = new TensorList(found)
  for (let layer = 0; layer < config.layers; layer++) takeLayer(list, config, `L_level.layers.${layer}`)
  if (prefix > 0) list.puzzleEmbedding(prefix * d)
  list.take('embed_tokens.embedding_weight', [vocabSize, d])
  if (config.positions === 'learned')
    list.take('embed_pos.embedding_weight', [prefix + fixedLength(config), d])
  list.take('H_init', [d])
  list.take('L_init', [d])
  list.take('lm_head.weight', [vocabSize, d])
  list.take('q_head.weight', [2, d])
  list.take('q_head.bias', [2])
  if (knowsRooms(config.tie)) list.take(BORDERS, [vocabSize, 4])
  return list.taken
}

function takeLayer(list: TensorList, config: TrmConfig, at: string): void {
  const { hiddenSize: d, tie, prefix } = config
  if (tie) for (const [name, shape] of tiedTensors(tie, prefix, at)) list.take(name, shape)
  else if (config.mlpT) list.swiglu(`${at}.mlp_t`, prefix + fixedLength(config))
  else {
    list.take(`${at}.self_attn.qkv_proj.weight`, [3 * d, d])
    list.take(`${at}.self_attn.o_proj.weight`, [d, d])
  }
  if (tie?.name !== 'units') list.swiglu(`${at}.mlp`, d)
}

/** The embedding of puzzles: every puzzle that is not of its training set takes its first row. */
export const PUZZLE_EMBEDDING = 'puzzle_emb.weights'

class TensorList {
  readonly taken = new Map<string, Shape>()
  readonly #found: Shapes

  constructor(found: Shapes) {
    this.#found = found
  }

  take(name: string, wanted: Shape): void {
    const shape = this.#shape(name)
    if (shape.length !== wanted.length || shape.some((size, axis) => size !== wanted[axis]))
      throw wrongShape(name, wanted, shape)
    this.taken.set(name, shape)
  }

  /** `<name>.gate_up_proj.weight` and `<name>.down_proj.weight`; the inner width is read off the former. */
  swiglu(name: string, width: number): void {
    const gateUp = `${name}.gate_up_proj.weight`
    const height = this.#shape(gateUp)[0] ?? 0
    const inner = Math.max(1, Math.ceil(height / 2))
    this.take(gateUp, [2 * inner, width])
    this.take(`${name}.down_proj.weight`, [width, inner])
  }

  puzzleEmbedding(most: number): void {
    const shape = this.#shape(PUZZLE_EMBEDDING)
    const [ids = 0, width = Number.POSITIVE_INFINITY] = shape
    if (shape.length !== 2 || ids < 1 || width > most) throw wrongShape(PUZZLE_EMBEDDING, [1, most], shape)
    this.taken.set(PUZZLE_EMBEDDING, shape)
  }

  #shape(name: string): Shape {
    const shape = this.#found.get(name)?.shape
    if (shape) return shape
    const prefixed = [...this.#found.keys()].find((other) => other.endsWith(`.${name}`))
    const remedy =
      prefixed === undefined
        ? ''
        : `; the file has ${prefixed}, as PyTorch names it: make a model file of it with ptrm import`
    throw new ModelFormatError('missing-tensor', `tensor ${name} is missing${remedy}`, { tensor: name })
  }
}

function wrongShape(tensor: string, wanted: Shape, found: Shape): ModelFormatError {
  const message = `tensor ${tensor} has the wrong shape: wanted [${wanted}], found [${found}]`
  return new ModelFormatError('wrong-shape', message, { tensor, wanted, found })
}
