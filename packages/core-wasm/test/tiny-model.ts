/** Small model files for tests, true to the format and quick to run: random weights that no one trained. */
import { tiedTensors, tieOf } from '../ts/tie.ts'

/** What is other than in the smallest Sudoku model. */
export interface TinyOptions {
  /** Fields of the config, as the file spells them. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Shapes by tensor name, over those that the config asks for; undefined leaves one out. */
  readonly shapes?: Readonly<Record<string, readonly number[] | undefined>>
  /** Of tensors by name; F32 where it does not say. */
  readonly dtypes?: Readonly<Record<string, 'F32' | 'I64'>>
  /** Default 2. */
  readonly inner?: number
}

const BYTES = { F32: 4, I64: 8 } as const

/** A safetensors file. */
export function tinyModel({
  config = {},
  shapes = {},
  dtypes = {},
  inner = 2,
}: TinyOptions = {}): Uint8Array {
  const whole = {
    ...{ kind: 'sudoku', vocab_size: 10, seq_len: 81, puzzle_emb_len: 0, hidden_size: 8, num_heads: 1 },
    ...{ L_layers: 1, H_cycles: 1, L_cycles: 1, pos_encodings: 'none', mlp_t: false },
    ...config,
  }
  const wanted = { ...shapesOf(whole as unknown as Sizes, inner), ...shapes }
  const header: Record<string, unknown> = { __metadata__: { ptrm: JSON.stringify(whole) } }
  let size = 0
  for (const [name, shape] of Object.entries(wanted)) {
    if (shape === undefined) continue
    const dtype = dtypes[name] ?? 'F32'
    const end = size + shape.reduce((a, b) => a * b, 1) * BYTES[dtype]
    header[name] = { dtype, shape, data_offsets: [size, end] }
    size = end
  }
  return file(header, size)
}

/** A file of free weights: the smallest model of each tie; `rooms` is the tie `board` with rooms. */
export function tinyTiedModel(
  tie: 'units' | 'board' | 'rooms',
  { config = {}, shapes = {}, ...rest }: TinyOptions = {},
): Uint8Array {
  const own: Readonly<Record<string, unknown>> =
    tie === 'units'
      ? { kind: 'sudoku', hidden_size: 44, puzzle_emb_len: 1, tie: { name: tie, ...UNITS } }
      : {
          kind: tie === 'board' ? 'lightup' : 'heyawake',
          seq_len: undefined,
          puzzle_emb_len: 2,
          tie: { name: 'board', types: 2, board_units: 3, ...(tie === 'rooms' && { rooms: true }) },
        }
  const whole = {
    ...{ format: 'ptrm-model/2', mlp_t: true, num_heads: 0, pos_encodings: 'none', ...own },
    ...config,
  }
  const { hidden_size: d = 8, puzzle_emb_len: prefix, vocab_size: vocab = 10 } = whole as Partial<Sizes>
  const free: Record<string, readonly number[] | undefined> = {
    'puzzle_emb.weights': [1, prefix! * d],
    'L_level.layers.0.self_attn.qkv_proj.weight': undefined,
    'L_level.layers.0.self_attn.o_proj.weight': undefined,
    ...Object.fromEntries(tiedTensors(tieOf(own['tie']), prefix!, 'L_level.layers.0')),
    ...(tie === 'rooms' && { borders: [vocab, 4] }),
  }
  if (tie === 'units')
    for (const part of ['gate_up', 'down']) free[`L_level.layers.0.mlp.${part}_proj.weight`] = undefined
  return tinyModel({ config: whole, shapes: { ...free, ...shapes }, ...rest })
}
const UNITS = { plane: 4, shared: 8, plane_inner: 8, shared_inner: 12, unit_hidden: 2, board_hidden: 1 }

interface Sizes {
  readonly vocab_size: number
  readonly seq_len: number
  readonly puzzle_emb_len: number
  readonly hidden_size: number
  readonly L_layers: number
}

function shapesOf(config: Sizes, inner: number): Record<string, readonly number[] | undefined> {
  const { vocab_size: vocab, hidden_size: d, puzzle_emb_len: prefix } = config
  const shapes: Record<string, readonly number[]> = {
    'embed_tokens.embedding_weight': [vocab, d],
    H_init: [d],
    L_init: [d],
    'lm_head.weight': [vocab, d],
    'q_head.weight': [2, d],
    'q_head.bias': [2],
  }
  if (prefix > 0) shapes['puzzle_emb.weights'] = [1, d]
  for (let layer = 0; layer < config.L_layers; layer++) {
    const at = `L_level.layers.${layer}`
    shapes[`${at}.self_attn.qkv_proj.weight`] = [3 * d, d]
    shapes[`${at}.self_attn.o_proj.weight`] = [d, d]
    shapes[`${at}.mlp.gate_up_proj.weight`] = [2 * inner, d]
    shapes[`${at}.mlp.down_proj.weight`] = [d, inner]
  }
  return shapes
}

/** The weights are small, mixed numbers, the same each time. */
function file(header: object, size: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(start + size).fill(0x20, 8, start)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(start - 8), true)
  bytes.set(text, 8)
  let state = 1
  for (let at = start; at < start + size; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    view.setFloat32(at, state / 2 ** 32, true)
  }
  return bytes
}
