/** Every form that a checkpoint comes in gives the same weights, and what can't be imported says why. */
import {
  ModelFormatError,
  type RecommendedPlan,
  readModel,
  readSafetensors,
  type Tensors,
} from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { caught } from '../../test/caught.ts'
import { CHECKPOINTS, checkpoint, loadTensors, TINY } from '../../test/checkpoints.ts'
import { SUDOKU, sudokuFile } from '../../test/sudoku-file.ts'
import { stateDict, torchArchive, torchFile, zip } from '../../test/torch-file.ts'
import { CheckpointError, ConfigConflictError, MissingConfigError } from './errors.ts'
import { type ImportOptions, importCheckpoint, readCheckpoint } from './import.ts'

const base = loadTensors(checkpoint('base.safetensors'))
const readable = CHECKPOINTS.filter((name) => !name.startsWith('refused-') && name !== 'model-and-ema.pt')

function expectSame(found: Tensors): void {
  expect([...found.keys()].sort()).toEqual([...base.keys()].sort())
  for (const [name, { shape, data }] of base) {
    expect(found.get(name)!.shape).toEqual(shape)
    expect(found.get(name)!.data).toEqual(data)
  }
}

/** The model file of an import, read again as every other command reads it. */
function imported(file: Uint8Array, options: ImportOptions) {
  const result = importCheckpoint(file, options)
  const bytes = new Uint8Array(Buffer.concat([...result.chunks()]))
  return { result, bytes, model: readModel(bytes) }
}

describe('the forms of a checkpoint', () => {
  it('has them all: every dtype, prefix, wrapper, stride and protocol', () => {
    expect(readable.length).toBeGreaterThanOrEqual(20)
    expect(base.size).toBe(11)
  })

  it.each(readable)('%s gives the weights, bit for bit', (name) => {
    expectSame(loadTensors(checkpoint(name)))
  })

  it('asks which of two models is meant, and takes the one named', () => {
    const file = checkpoint('model-and-ema.pt')
    const error = caught(() => readCheckpoint(file), CheckpointError)
    expect(error.code).toBe('ambiguous')
    expect(error.message).toContain('--entry model._orig_mod.model.inner')
    expect(error.message).toContain('--entry ema._orig_mod.model.inner')
    expectSame(loadTensors(file, 'ema'))
    expect(loadTensors(file, 'model').get('H_init')!.data[0]).toBe(base.get('H_init')!.data[0]! + 1)
    expect(() => readCheckpoint(file, 'best')).toThrow('no TRM under --entry best')
  })

  it('takes the one named, though another lies inside it or has a name that goes on', () => {
    const one = (name: string, value: number) => ({
      ...{ name: `${name}embed_tokens.embedding_weight`, shape: [1, 1], count: 1 },
      bytes: new Uint8Array(Float32Array.of(value).buffer),
    })
    const file = torchFile([one('model.', 1), one('model.ema.', 2), one('model2.', 3)])
    const valueIn = (entry: string) =>
      new Float32Array([...readCheckpoint(file, entry).weights.values()][0]!.read().slice().buffer)[0]
    for (const [entry, value] of [
      ['model', 1],
      ['model.', 1],
      ['model.ema', 2],
      ['model2', 3],
    ] as const)
      expect(valueIn(entry)).toBe(value)
    const deeper = torchFile([one('model.a.', 1), one('model.b.', 2)])
    expect(() => readCheckpoint(deeper, 'model')).toThrow('holds 2 TRMs; say which:\n  --entry model.a\n')
  })

  it('reads a big-endian checkpoint', () => {
    const values = [1, -2, 0.5, 3]
    const bytes = new Uint8Array(16)
    values.forEach((value, i) => {
      new DataView(bytes.buffer).setFloat32(4 * i, value, false)
    })
    const tensors = [{ name: 'embed_tokens.embedding_weight', shape: [2, 2], bytes, count: 4 }]
    const order = (text: string) => [{ name: 'archive/byteorder', bytes: new TextEncoder().encode(text) }]
    const read = (text: string) =>
      readCheckpoint(torchFile(tensors, order(text)))
        .weights.get('embed_tokens.embedding_weight')!
        .read()
    expect([...new Float32Array(read('big').slice().buffer)]).toEqual(values)
    expect([...read('little')]).toEqual([...bytes])
    expect(() => read('middle')).toThrow('byte order is "middle"')
  })
})

describe('importing', () => {
  it('writes a model that the solver reads, with all that shapes tell', () => {
    const { model, result } = imported(sudokuFile(), {
      given: { ...SUDOKU.given, recommended: { steps: 16, sigma: 0.2 } },
      tokenOffset: 0,
    })
    expect(model.kind).toBe('sudoku')
    expect(model.config).toMatchObject({
      vocabSize: 11,
      seqLen: 81,
      prefix: 2,
      hiddenSize: 4,
      layers: 1,
      hCycles: 3,
      lCycles: 6,
      mlpT: true,
      positions: 'none',
    })
    expect(model.recommended).toEqual({ steps: 16, sigma: 0.2 })
    expect(result.dtypes).toEqual(new Map([['F32', 11]]))
    expect(result.leftOut).toEqual([])
  })

  it('keeps the plan of a file of ours, value by value, where nothing else is given', () => {
    const sigma = Array.from({ length: 4000 }, (_, i) => 0.5 - i / 12_345)
    const recommended = { rollouts: 25, steps: 12, sigma, noiseTarget: 'both' } as const
    const { bytes } = imported(sudokuFile(), { given: { ...SUDOKU.given, recommended } })
    const again = (plan?: RecommendedPlan) =>
      imported(bytes, { given: plan ? { recommended: plan } : {} }).model.recommended
    expect(again()).toEqual(recommended)
    expect(again({})).toEqual(recommended)
    expect(again({ steps: 32 })).toEqual({ ...recommended, steps: 32 })
    expect(again({ sigma: undefined } as unknown as RecommendedPlan)).toEqual(recommended)
  })

  it('names what is wrong in the config of a file of ours', () => {
    const { bytes } = imported(sudokuFile(), SUDOKU)
    const text = Buffer.from(bytes).toString('latin1')
    const broken = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1')
    const error = (file: Uint8Array) => () => importCheckpoint(file, { given: {} })
    expect(error(broken('\\"H_cycles\\":3', '\\"H_cycles\\":0'))).toThrow(
      "the file's own config: H_cycles is 0, wanted a positive integer",
    )
    expect(error(broken('{\\"kind\\"', ' \\"kind\\"'))).toThrow("the file's own config: no JSON: ")
  })

  it('shifts the official Sudoku tokens onto ours: pad leaves, blank becomes 0', () => {
    const { model, result } = imported(sudokuFile(), SUDOKU)
    expect(result.tokenOffset).toBe(1)
    expect(model.config.vocabSize).toBe(10)
    for (const name of ['embed_tokens.embedding_weight', 'lm_head.weight']) {
      expect(model.tensors.get(name)!.shape).toEqual([10, 4])
      expect(model.tensors.get(name)!.data[0]).toBe(0.25 + 1 / 64)
    }
    expect(() => importCheckpoint(sudokuFile(), { ...SUDOKU, tokenOffset: 11 })).toThrow(ConfigConflictError)
  })

  it('keeps half precision, and narrows double', () => {
    const dtypes = (name: string) => {
      const given = { ...TINY, kind: 'sudoku' }
      // The tiny model's board is no Sudoku's, which the last check says; the types are read before.
      expect(() => importCheckpoint(checkpoint(name), { given })).toThrow('the model reads 4 cells')
      return new Set([...readCheckpoint(checkpoint(name)).weights.values()].map(({ dtype }) => dtype))
    }
    expect(dtypes('bf16.pt')).toEqual(new Set(['BF16']))
    expect(dtypes('f16.pt')).toEqual(new Set(['F16']))
    expect(dtypes('f64.pt')).toEqual(new Set(['F64']))
  })

  it('names what stays out of the model', () => {
    expect(imported(sudokuFile({ 'optimizer.step': [1] }), SUDOKU).result.leftOut).toEqual(['optimizer.step'])
  })

  it('lists all that is missing at once, the kind first', () => {
    const error = caught(() => importCheckpoint(checkpoint('f32.pt'), { given: {} }), MissingConfigError)
    expect(error.missing.map(({ field }) => field)).toEqual([
      'kind',
      'H_cycles',
      'L_cycles',
      'num_heads',
      'pos_encodings',
      'seq_len',
      'puzzle_emb_len',
    ])
    for (const flag of [
      '--kind',
      '--h-cycles',
      '--l-cycles',
      '--heads',
      '--positions',
      '--seq-len',
      '--prefix',
    ])
      expect(error.message).toContain(flag)
  })

  it('lists every conflict between what is said and what the weights say', () => {
    const given = { ...SUDOKU.given, hiddenSize: 8, layers: 2, vocabSize: 10, mlpT: false }
    const { conflicts } = caught(() => importCheckpoint(sudokuFile(), { given }), ConfigConflictError)
    expect(conflicts).toEqual([
      'vocab_size is given as 10, the weights say 11',
      'hidden_size is given as 8, the weights say 4',
      'L_layers is given as 2, the weights say 1',
      'mlp_t is given as false, the weights say true',
    ])
  })

  it('lists every tensor that is missing or of another shape', () => {
    expect(() =>
      importCheckpoint(sudokuFile({ 'q_head.bias': undefined, L_init: undefined }), SUDOKU),
    ).toThrow('lacks 2 of 11 tensors: L_init, q_head.bias')
    const wrong = sudokuFile({ 'q_head.bias': [3], 'lm_head.weight': [10, 4] })
    expect(() => importCheckpoint(wrong, SUDOKU)).toThrow(
      /lm_head.weight: \[10,4\], wanted \[11,4\]\n.*q_head.bias/,
    )
  })

  it.each<[string, Uint8Array, object, string]>([
    ['cycles', sudokuFile(), { hCycles: 1001 }, 'hCycles: found 1001, wanted an integer from 1 to 1000'],
    ['calls of layers in a step', sudokuFile(), { hCycles: 500, lCycles: 500 }, '250500 calls of layers'],
    ['calls of layers in a rollout', sudokuFile(), { recommended: { steps: 100_000 } }, '2100000 calls'],
    [
      'no inner width',
      sudokuFile({
        'L_level.layers.0.mlp.gate_up_proj.weight': [0, 4],
        'L_level.layers.0.mlp.down_proj.weight': [4, 0],
      }),
      {},
      'wanted [2,4], found [0,4]',
    ],
  ])('refuses what no command would load again: %s', (_, file, given, reason) => {
    const all = { given: { ...SUDOKU.given, ...given } }
    expect(caught(() => importCheckpoint(file, all), ModelFormatError).message).toContain(reason)
  })

  it('asks for no memory that a small file only claims to need', () => {
    const file = sudokuFile({}, 0.25, { 'puzzle_emb.weights': [2 ** 26, 8] })
    expect(caught(() => importCheckpoint(file, SUDOKU), CheckpointError).code).toBe('too-large')
  })

  it('stops at a weight that is not finite, before it is written', () => {
    const { chunks } = importCheckpoint(sudokuFile({}, Number.NaN), SUDOKU)
    expect(() => [...chunks()]).toThrow('element 0 is not finite')
  })

  it('is the same from safetensors', () => {
    const { bytes } = imported(sudokuFile(), { ...SUDOKU, tokenOffset: 0 })
    const again = imported(bytes, { ...SUDOKU, tokenOffset: 0 })
    expect(Buffer.compare(again.bytes, bytes)).toBe(0)
    expect(readSafetensors(bytes).tensors.size).toBe(11)
  })
})

describe('files that are refused', () => {
  it.each([
    ['refused-runs.pt', 'unsafe', /asks for "(posix|nt|os).system".*nothing was run/s],
    ['refused-numpy.pt', 'unsafe', /asks for "numpy\..*not on the allow-list/s],
    ['refused-legacy.pt', 'unsupported', /before torch 1.6/],
    ['refused-expanded.pt', 'malformed', /outside its storage/],
    ['refused-empty.pt', 'no-model', /no TRM found/],
    ['refused-int.pt', 'unsupported', /H_init has dtype I32/],
    ['refused-nan.pt', 'malformed', /q_head.bias .* element 1 is not finite/],
    ['refused-script.pt', 'unsupported', /TorchScript program/],
  ] as const)('%s: %s', (name, code, reason) => {
    const error = caught(() => loadTensors(checkpoint(name)), CheckpointError)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(reason)
  })

  it('has a case for each refused fixture', () => {
    expect(CHECKPOINTS.filter((name) => name.startsWith('refused-'))).toHaveLength(8)
  })

  it('what is neither format', () => {
    for (const text of ['', 'PK', 'hello, world', '{"a": 1}'])
      expect(() => readCheckpoint(new TextEncoder().encode(text))).toThrow('neither a torch.save zip nor')
  })

  it('an archive cut off anywhere', () => {
    const whole = checkpoint('f32.pt')
    for (let length = 9; length < whole.length; length += 97) {
      const error = caught(() => readCheckpoint(whole.subarray(0, length)), CheckpointError)
      expect(['truncated', 'malformed', 'unsupported']).toContain(error.code)
    }
  })

  it('a storage that lies: longer than its entry, or damaged', () => {
    const tensor = {
      name: 'embed_tokens.embedding_weight',
      shape: [2, 2],
      bytes: new Uint8Array(8),
      count: 4,
    }
    const read = (file: Uint8Array) => [...readCheckpoint(file).weights.values()][0]!.read()
    expect(() => read(torchFile([tensor]))).toThrow(/storage.*0.*8 bytes/s)
    const pickle = { name: 'archive/data.pkl', bytes: stateDict([{ ...tensor, bytes: new Uint8Array(16) }]) }
    const damaged = { name: 'archive/data/0', bytes: new Uint8Array(16), crc: 1 }
    expect(() => read(zip([pickle, damaged]))).toThrow('the checksum of "archive/data/0" does not match')
    expect(() => read(zip([pickle]))).toThrow('lacks "archive/data/0"')
  })

  it('an archive with two pickles, or none', () => {
    const none = zip([{ name: 'archive/version', bytes: new Uint8Array(1) }])
    expect(() => readCheckpoint(none)).toThrow(CheckpointError)
    const two = torchArchive(stateDict([]), [{ name: 'other/data.pkl', bytes: stateDict([]) }])
    expect(() => readCheckpoint(two)).toThrow(CheckpointError)
  })
})
