/** Checkpoints from PyTorch, the pickles inside them, and config files: strangers' files above all. */
import {
  CheckpointError,
  ConfigConflictError,
  checkpointTensors,
  importCheckpoint,
  inferConfig,
  MissingConfigError,
  readCheckpoint,
  readConfigFile,
} from '@ptrm/checkpoints'
import { ModelFormatError } from '@ptrm/core-wasm'
import { SUDOKU, sudokuFile } from '../../../../packages/checkpoints/test/sudoku-file.ts'
import { torchArchive } from '../../../../packages/checkpoints/test/torch-file.ts'
import { hold, type Target } from '../target.ts'
import { bytesOf, filesIn, utf8 } from './files.ts'

const FIXTURES = 'packages/checkpoints/test/fixtures/checkpoints'
const errors = [CheckpointError, ConfigConflictError, MissingConfigError, ModelFormatError]
/** What no shape of the fixtures' TRM tells. */
const TINY = { hCycles: 2, lCycles: 2, numHeads: 2, positions: 'rope', seqLen: 4, puzzleEmbLen: 2 } as const
const OPCODES = [
  ...'.(0124?NKJMXUTBC}])lqrhjtdsuaeRbQc\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x93\x94\x95',
]

function readWhole(file: Uint8Array): string {
  const { weights } = readCheckpoint(file)
  const tensors = checkpointTensors(inferConfig(weights, TINY), weights)
  for (const [name, { shape, data }] of tensors)
    hold(
      data.length === shape.reduce((a, b) => a * b, 1),
      () => `${name}: ${data.length} numbers for ${shape}`,
    )
  return 'read'
}

export const checkpointFile: Target = {
  name: 'checkpoint',
  about: 'a checkpoint of torch.save or safetensors',
  seeds: () => filesIn(FIXTURES),
  words: [
    'PK\x03\x04',
    'PK\x01\x02',
    'PK\x05\x06',
    'PK\x06\x06',
    'PK\x06\x07',
    'data.pkl',
    'version',
    'data/0',
    'byteorder',
  ],
  most: 65_536,
  errors,
  run: readWhole,
}

/** Inside a sound archive, so that no checksum keeps changes out. */
export const pickleFile: Target = {
  name: 'pickle',
  about: 'the pickle of a checkpoint, in a sound archive',
  seeds: () =>
    ['f32.pt', 'in-ema.pt', 'strided.pt', 'protocol5.pt', 'with-optimizer.pt'].flatMap((name) =>
      pickleOf(bytesOf(`${FIXTURES}/${name}`)),
    ),
  words: [
    ...OPCODES,
    ...[
      'ctorch._utils\n_rebuild_tensor_v2\n',
      'ctorch\nFloatStorage\n',
      'ctorch\nHalfStorage\n',
      'ccollections\nOrderedDict\n',
    ],
    ...[
      'X\x07\0\0\0storage',
      'cos\nsystem\n',
      'cbuiltins\neval\n',
      '\x8c\x07storage',
      '\x93',
      'K\x00',
      '__proto__',
      'U\x03cpu',
    ],
  ],
  most: 4_096,
  errors,
  run: (input) => readWhole(torchArchive(input, STORAGES)),
}

/** The storages that the fixtures' pickles name. */
const STORAGES = Array.from({ length: 16 }, (_, i) => ({
  name: `archive/data/${i}`,
  bytes: new Uint8Array(4_096),
}))

/** The first entry of an archive that holds its parts as they are; none where it has no such part. */
function pickleOf(file: Uint8Array): Uint8Array[] {
  const text = Buffer.from(file).toString('latin1')
  const name = text.indexOf('data.pkl')
  const [start, end] = [text.indexOf('\x80', name), text.indexOf('PK', name)]
  return name < 0 || start < 0 || end < 0 ? [] : [file.slice(start, end)]
}

const checkpoint = sudokuFile()
const CONFIGS = [
  '{"H_cycles":2,"L_cycles":2,"mlp_t":true,"seq_len":81,"puzzle_emb_len":2,"recommended":{"sigma":0.3,"rollouts":4}}',
  'arch:\n  H_cycles: 3\n  L_cycles: 6\n  puzzle_emb_len: 2\nvocab_size: 11\n',
  'arch:\n  name: trm\n  H_cycles: 3\n  L_cycles: 6\n  hidden_size: 512\n  num_heads: 8\n  pos_encodings: rope\n  mlp_t: true\nseed: 0\n',
  'arch:\n  value:\n    H_cycles: 3\n    L_cycles: 4\n    halt_max_steps: 16\n_wandb:\n  value: {}\n',
  'a: &a [1, 2]\nb: *a\n? {c: 1}\n: !!float .nan\n<<: {x: 1}\n"recommended": {sigma: [0.1, 0.2], rollouts: 4}\n',
]

export const configFile: Target = {
  name: 'config',
  about: 'a config in JSON or YAML, and an import with it',
  seeds: () => CONFIGS.map(utf8),
  words: [
    ...[
      'kind',
      'vocab_size',
      'seq_len',
      'puzzle_emb_len',
      'hidden_size',
      'num_heads',
      'L_layers',
      'H_cycles',
      'L_cycles',
    ],
    ...[
      'pos_encodings',
      'mlp_t',
      'rms_norm_eps',
      'rope_theta',
      'answer_tokens',
      'halt_max_steps',
      'recommended',
      'arch',
    ],
    ...[
      '&a ',
      '*a',
      '<<: *a',
      '!!binary ',
      '!!js/function ',
      '---\n',
      '...\n',
      '? ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '|\n',
      '>\n',
      '%YAML 1.1\n',
    ],
    ...['__proto__: ', 'constructor: ', '.inf', '0x10', '0o7', '1e999', '"\\u0000"', "''", '\t', '# '],
  ],
  most: 4_096,
  errors,
  run(input) {
    const given = readConfigFile(input, 'config')
    hold(
      Reflect.getPrototypeOf({}) === Object.prototype && !('polluted' in {}),
      () => 'a prototype was changed',
    )
    importCheckpoint(checkpoint, { given: { ...SUDOKU.given, ...given, kind: 'sudoku' } })
    return 'imported'
  },
}
