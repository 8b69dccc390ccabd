/** Checkpoints that are nearly a TRM's: what is not run refuses the import by name, what only lies there is left out. */
import { readFileSync } from 'node:fs'
import { readModel } from '@ptrm/core-wasm'
import { bundledModels } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { caught } from '../../test/caught.ts'
import { SUDOKU, sudokuFile } from '../../test/sudoku-file.ts'
import { type NamedTensor, torchFile } from '../../test/torch-file.ts'
import { CheckpointError, ConfigConflictError, MissingConfigError } from './errors.ts'
import { checkpointTensors, importCheckpoint, readCheckpoint } from './import.ts'
import { inferConfig } from './infer.ts'

const LAYER = 'L_level.layers.0'
const WEIGHT = [4, 4]

describe('a network that is no TRM', () => {
  it('is an HRM: its H_level is named, before anything is asked', () => {
    const names = ['self_attn.qkv_proj', 'self_attn.o_proj', 'mlp.gate_up_proj', 'mlp.down_proj'].flatMap(
      (name) => [0, 1, 2, 3].map((layer) => `H_level.layers.${layer}.${name}.weight`),
    )
    const file = sudokuFile(Object.fromEntries(names.map((name) => [name, WEIGHT])))
    const { code, message } = caught(() => importCheckpoint(file, { given: {} }), CheckpointError)
    expect(code).toBe('foreign')
    expect(message).toContain('H_level.layers.0.self_attn.qkv_proj.weight')
    expect(message).toContain('(16 in all)')
    expect(message).toContain('makes it an HRM')
  })

  it.each([
    [`${LAYER}.norm1.weight`, 'norms of a TRM have no weights'],
    [`${LAYER}.input_layernorm.weight`, 'norms of a TRM have no weights'],
    ['norm.weight', 'norms of a TRM have no weights'],
    [`${LAYER}.mlp.down_proj.bias`, 'layers of a TRM have no biases'],
    ['lm_head.bias', 'layers of a TRM have no biases'],
    [`${LAYER}.mlp.gate_proj.weight`, 'would not run'],
    [`${LAYER}.self_attn.qkv_proj.weight`, 'would not run'],
    ['L_level.blocks.0.mlp.down_proj.weight', 'would not run'],
    ['H_level.layers.0.mlp.down_proj.weight', 'HRM'],
    ['L2_init', 'several L states'],
    ['embed_tokens.scale', 'would not run'],
    ['embed_type.embedding_weight', 'would not run'],
    ['q_head.0.weight', 'would not run'],
    ['value_head.weight', 'would not run'],
    ['step_embed.weight', 'would not run'],
    ['temperature', 'would not run'],
    [`${LAYER}.rotary_emb.scale`, 'would not run'],
  ])('is refused for %s', (name, reason) => {
    const file = sudokuFile({ [name]: WEIGHT })
    const { message } = caught(() => importCheckpoint(file, SUDOKU), CheckpointError)
    expect(message).toContain(`would not run: ${name}. `)
    expect(message).toContain(reason)
  })

  it.each(['sudoku-2', 'tapa-5', 'heyawake-3'])(
    'is told from free weights, which need no import: %s',
    (name) => {
      const file = readFileSync(bundledModels.find((model) => model.name === name)!.weights)
      const { code, message } = caught(() => importCheckpoint(file, { given: {} }), CheckpointError)
      expect(code).toBe('unsupported')
      expect(message).toContain('there is nothing to import')
    },
  )

  it('is refused for parity cases too', () => {
    const { weights } = readCheckpoint(sudokuFile({ [`${LAYER}.norm1.weight`]: [4] }))
    const config = inferConfig(weights, { ...SUDOKU.given, seqLen: 81 })
    expect(() => checkpointTensors(config, weights)).toThrow(`${LAYER}.norm1.weight`)
  })

  it('is refused for tensors of layers that the config does not count', () => {
    // Attention in a network whose first layer mixes tokens by an MLP.
    const file = sudokuFile({ [`${LAYER}.self_attn.o_proj.weight`]: WEIGHT })
    expect(() => importCheckpoint(file, SUDOKU)).toThrow(`${LAYER}.self_attn.o_proj.weight`)
  })
})

describe('what lies beside a network', () => {
  it.each([
    'optimizer.state.0.exp_avg',
    'optim.0',
    'lr_scheduler.last_lr',
    'rng_state',
    'cuda_rng_state',
    'global_step',
    'epoch',
    'best_loss',
    'ema.shadow',
    'rotary_emb.inv_freq',
    `${LAYER}.self_attn.rotary_emb.cos_cached`,
    'puzzle_emb.local_weights',
    'puzzle_emb.local_ids',
  ])('is left out and told: %s', (name) => {
    expect(importCheckpoint(sudokuFile({ [name]: [3] }), SUDOKU).leftOut).toEqual([name])
  })

  it('is another TRM inside it', () => {
    const inner = 'teacher.embed_tokens.embedding_weight'
    const file = sudokuFile({ [inner]: [11, 4], 'teacher.norm.weight': [4] })
    const { leftOut } = importCheckpoint(file, { ...SUDOKU, entry: '.' })
    expect(leftOut).toEqual([inner, 'teacher.norm.weight'])
  })
})

describe('wrappers around single modules', () => {
  /** The Sudoku network under other names. */
  function renamed(rename: (name: string) => string): Uint8Array {
    const { weights } = readCheckpoint(sudokuFile())
    const tensors = [...weights].map(([name, weight]): NamedTensor => {
      const bytes = weight.read()
      return { name: rename(name), shape: weight.shape, bytes, count: bytes.length / 4 }
    })
    return torchFile(tensors)
  }
  const plain = Buffer.concat([...importCheckpoint(sudokuFile(), SUDOKU).chunks()])

  it.each<[string, (name: string) => string]>([
    ['a compiled L_level', (name) => name.replace('L_level.', 'L_level._orig_mod.')],
    ['compiled layers', (name) => name.replace(/layers\.\d+\./, '$&_orig_mod.')],
    ['every module compiled, and the whole', (name) => `_orig_mod.${name.replaceAll('.', '._orig_mod.')}`],
    [
      'data parallel inside a compiled model',
      (name) => `_orig_mod.model.inner.${name.replace(/^(\w+)\./, '$1.module.')}`,
    ],
    [
      'FSDP and checkpointed activations',
      (name) => name.replace(/layers\.\d+\./, '$&_fsdp_wrapped_module._checkpoint_wrapped_module.'),
    ],
  ])('do not matter: %s', (_, rename) => {
    const bytes = Buffer.concat([...importCheckpoint(renamed(rename), SUDOKU).chunks()])
    expect(Buffer.compare(bytes, plain)).toBe(0)
  })

  it('but two tensors of one name do', () => {
    const twice = sudokuFile({ 'lm_head._orig_mod.weight': [11, 4] })
    expect(() => importCheckpoint(twice, SUDOKU)).toThrow(
      'two tensors of the checkpoint come to the name lm_head.weight',
    )
  })
})

describe('a vocabulary', () => {
  const withTokens = (count: number) =>
    sudokuFile({ 'embed_tokens.embedding_weight': [count, 4], 'lm_head.weight': [count, 4] })
  const read = (count: number, options = {}) => {
    const bytes = Buffer.concat([...importCheckpoint(withTokens(count), { ...SUDOKU, ...options }).chunks()])
    return readModel(bytes).config
  }
  const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  it.each([
    [10, {}],
    [11, {}],
    [12, { tokenOffset: 2 }],
    [13, { tokenOffset: 3 }],
    [12, { given: { ...SUDOKU.given, answerTokens: DIGITS.map((digit) => digit + 2) } }],
  ])('of %i tokens becomes that of the kind', (count, options) => {
    expect(read(count, options)).toMatchObject({ vocabSize: 10, answerTokens: DIGITS })
  })

  it.each([12, 13, 200])('of %i tokens is refused with the flag that says what they are', (count) => {
    const { message } = caught(() => read(count), ConfigConflictError)
    expect(message).toContain(`vocab_size is ${count}, sudoku has 10 tokens`)
    expect(message).toContain(`--token-offset ${count - 10}`)
  })

  it.each([
    [9, {}, 'the model knows 9 tokens, sudoku has 10'],
    [11, { tokenOffset: 2 }, 'the model knows 9 tokens, sudoku has 10'],
    [10, { given: { ...SUDOKU.given, answerTokens: [0, 1] } }, 'answer_tokens holds 0;'],
  ])('that can not be the kind’s is refused: %i tokens, %o', (count, options, reason) => {
    expect(caught(() => read(count, options), ConfigConflictError).message).toContain(reason)
  })
})

describe('RoPE’s tables', () => {
  const attention = (extra: Record<string, readonly number[]> = {}) =>
    sudokuFile({
      [`${LAYER}.mlp_t.gate_up_proj.weight`]: undefined,
      [`${LAYER}.mlp_t.down_proj.weight`]: undefined,
      [`${LAYER}.self_attn.qkv_proj.weight`]: [12, 4],
      [`${LAYER}.self_attn.o_proj.weight`]: [4, 4],
      ...extra,
    })
  const TABLES = { 'rotary_emb.cos_cached': [83, 2], 'rotary_emb.sin_cached': [83, 2] }
  const given = { ...SUDOKU.given, numHeads: 2, puzzleEmbLen: 2 }

  it('say that attention is turned by it', () => {
    const { missing } = caught(() => importCheckpoint(attention(), { given }), MissingConfigError)
    expect(missing.map(({ field }) => field)).toEqual(['pos_encodings'])
    expect(importCheckpoint(attention(TABLES), { given }).config.positions).toBe('rope')
  })

  it('contradict a config without it', () => {
    const none = { given: { ...given, positions: 'none' as const } }
    expect(() => importCheckpoint(attention(TABLES), none)).toThrow('pos_encodings is given as none')
    const learned = attention({ ...TABLES, 'embed_pos.embedding_weight': [83, 4] })
    expect(() => importCheckpoint(learned, { given })).toThrow('pos_encodings is given as learned')
  })
})

describe('the advice for a prefix', () => {
  const attention = (width: number) =>
    sudokuFile({
      [`${LAYER}.mlp_t.gate_up_proj.weight`]: undefined,
      [`${LAYER}.mlp_t.down_proj.weight`]: undefined,
      [`${LAYER}.self_attn.qkv_proj.weight`]: [12, 4],
      [`${LAYER}.self_attn.o_proj.weight`]: [4, 4],
      'puzzle_emb.weights': [1, width],
    })
  const given = { ...SUDOKU.given, numHeads: 2, positions: 'rope' as const }

  it.each([
    [4, '16 in official TRM runs, which pad the puzzle embedding; 1 without padding'],
    [8, 'the puzzle embedding fills 2 rows: 2, unless it is padded to more'],
    [34, 'the puzzle embedding fills 9 rows: 9, unless it is padded to more'],
  ])('fits an embedding of width %i on d = 4', (width, advice) => {
    const { missing } = caught(() => importCheckpoint(attention(width), { given }), MissingConfigError)
    expect(missing).toMatchObject([
      { field: 'puzzle_emb_len', flag: '--prefix N', why: expect.stringContaining(advice) },
    ])
  })

  it('names the prefix that would fit, where the weights have another number of rows', () => {
    const wrong = { given: { ...SUDOKU.given, puzzleEmbLen: 16, seqLen: 81 } }
    expect(() => importCheckpoint(sudokuFile(), wrong)).toThrow(
      'the weights have 83 rows: a prefix of 2 would fit',
    )
  })
})
