/** Model files: a file is refused by name, or the kernel runs it, and its trimmed form is the same model. */
import {
  type BoardSize,
  denseModel,
  knowsRooms,
  listModel,
  loadKernel,
  type Model,
  ModelFormatError,
  readModel,
  readSafetensors,
  type TrmConfig,
  trimModel,
} from '@ptrm/core-wasm'
import { tinyModel, tinyTiedModel } from '../../../../packages/core-wasm/test/tiny-model.ts'
import { hold, type Target } from '../target.ts'
import { textOf } from './files.ts'

const kernel = await loadKernel()

/** Operations of a step that is tried. */
const MOST_WORK = 64
const WORDS = [
  ...['kind', 'vocab_size', 'seq_len', 'puzzle_emb_len', 'hidden_size', 'num_heads', 'L_layers', 'H_cycles'],
  ...[
    'L_cycles',
    'pos_encodings',
    'none',
    'rope',
    'learned',
    'mlp_t',
    'rms_norm_eps',
    'rope_theta',
    'answer_tokens',
  ],
  ...[
    'format',
    'ptrm-model/1',
    'ptrm-model/2',
    'tie',
    'units',
    'board',
    'types',
    'board_units',
    'rooms',
    'borders',
    'least_board',
  ],
  ...[
    'recommended',
    'sigma',
    'rollouts',
    'F32',
    'F16',
    'BF16',
    'I64',
    'F64',
    '"shape":[',
    '"data_offsets":[',
    '__proto__',
  ],
  ...['\\"', '\\u0000', '{', '}', '[', ']', ':', ',', 'true', 'false', '__metadata__', 'ptrm', 'constructor'],
]

const models = [
  tinyModel(),
  tinyModel({ config: { seq_len: 4, puzzle_emb_len: 2, pos_encodings: 'rope', num_heads: 2 } }),
  tinyModel({
    config: { seq_len: 4 },
    shapes: { spare: [3], 'spare.int': [2] },
    dtypes: { 'spare.int': 'I64' },
  }),
  tinyModel({
    config: {
      seq_len: 4,
      pos_encodings: 'learned',
      recommended: { rollouts: 4, steps: 3, sigma: [0.1, 0.2, 0.3] },
    },
    shapes: { 'embed_pos.embedding_weight': [4, 8] },
  }),
  tinyModel({
    config: { seq_len: 4, mlp_t: true, answer_tokens: [1, 2, 3] },
    shapes: {
      'L_level.layers.0.self_attn.qkv_proj.weight': undefined,
      'L_level.layers.0.self_attn.o_proj.weight': undefined,
      'L_level.layers.0.mlp_t.gate_up_proj.weight': [4, 4],
      'L_level.layers.0.mlp_t.down_proj.weight': [4, 2],
    },
  }),
  tinyTiedModel('board'),
  tinyTiedModel('board', { config: { least_board: [3, 4] } }),
  tinyTiedModel('rooms'),
  tinyTiedModel('units'),
]

const shared = { words: WORDS, most: 32_768, errors: [ModelFormatError] }

/** The whole file, with the length of its header. */
export const modelFile: Target = {
  ...shared,
  name: 'model-file',
  about: 'a model file (safetensors)',
  seeds: () => models,
  run: runModel,
}

/** The header alone, so that most changes hit what is parsed; the tensors are zeros, as many as there were. */
export const modelHeader: Target = {
  ...shared,
  name: 'model-header',
  about: 'the header of a model file, its length put right',
  most: 4_096,
  seeds: () =>
    models.map((file) => file.slice(8, 8 + Number(new DataView(file.buffer).getBigUint64(0, true)))),
  run(input) {
    const file = new Uint8Array(8 + input.length + 4 * 3_000)
    new DataView(file.buffer).setBigUint64(0, BigInt(input.length), true)
    file.set(input, 8)
    // The tiny models' own weights, where the offsets point; the last tensor must end where the file does.
    return runModel(file.subarray(0, 8 + input.length + endOfTensors(textOf(input))))
  },
}

/** Largest end of a tensor that a header names, at most what there is room for. */
function endOfTensors(header: string): number {
  const ends = [...header.matchAll(/"data_offsets":\[\d+,(\d+)\]/g)].map(([, end]) => Number(end))
  return Math.min(
    4 * 3_000,
    ends.reduce((most, end) => Math.max(most, end), 0),
  )
}

function runModel(file: Uint8Array): string {
  readSafetensors(file)
  listModel(file)
  const read = readModel(file)
  const { config, kind } = read
  const trimmed = readModel(trimModel(file))
  hold(
    JSON.stringify(trimmed.config) === JSON.stringify(config),
    () => `trimming changed the config of ${kind}`,
  )
  const calls = config.layers * config.hCycles * (config.lCycles + 1)
  const board = boardOf(config)
  if (calls > MOST_WORK || board.rows * board.columns > 512) {
    kernel.load(config, read.tensors).close()
    return 'loaded'
  }
  const q = run(read, board)
  if (config.tie && !knowsRooms(config.tie)) run(denseModel(read, board.rows, board.columns), board)
  return Number.isFinite(q) ? 'ran' : 'ran to no number'
}

/** One step, whose q it gives back; its answer is of tokens that an answer may hold. */
function run({ config, tensors, kind }: Model, board: BoardSize): number {
  using model = kernel.load(config, tensors)
  const tokens = new Uint8Array(board.rows * board.columns).fill(config.vocabSize - 1)
  model.start(0, { ...board, tokens })
  const { tokens: answer, q } = model.step(0, { seed: 1n, rollout: 1, step: 0, sigma: 0.3, target: 'both' })
  const allowed = config.answerTokens.length > 0 ? config.answerTokens : undefined
  for (const token of answer)
    hold(
      allowed?.includes(token) ?? token < config.vocabSize,
      () => `the answer token ${token} is none of ${kind}'s`,
    )
  return q
}

/** One that the model takes, a small one where it takes any. */
function boardOf({ seqLen, leastBoard }: TrmConfig): BoardSize {
  if (leastBoard) return leastBoard
  return seqLen === undefined
    ? { rows: 3, columns: 4 }
    : seqLen === 81
      ? { rows: 9, columns: 9 }
      : { rows: 1, columns: seqLen }
}
