/** Config files as they come: ours, the parity cases', the official run's YAML; and all that is wrong with one, at once. */
import { readFileSync } from 'node:fs'
import { configToJson } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { cpuMs } from '../../test/cpu-time.ts'
import { readConfigFile } from './config-file.ts'
import { CheckpointError, ConfigConflictError } from './errors.ts'

const read = (text: string) => readConfigFile(new TextEncoder().encode(text), 'config.yaml')

/** What the official code writes beside its checkpoints (config/cfg_pretrain.yaml and config/arch/trm.yaml, resolved). */
const ALL_CONFIG = `
arch:
  name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
  loss:
    name: losses@ACTLossHead
    loss_type: stablemax_cross_entropy
  halt_exploration_prob: 0.1
  halt_max_steps: 16
  H_cycles: 3
  L_cycles: 6
  H_layers: 0
  L_layers: 2
  hidden_size: 512
  num_heads: 8
  expansion: 4
  puzzle_emb_ndim: 512
  pos_encodings: none
  forward_dtype: bfloat16
  mlp_t: true
  puzzle_emb_len: 16
  no_ACT_continue: true
data_paths: [data/sudoku-extreme-1k-aug-1000]
global_batch_size: 768
lr: 0.0001
ema: true
`

/** As large as a config may be, of whatever a parser may be slow on. */
const filled = (piece: (i: number) => string) => {
  let text = ''
  for (let i = 0; text.length < (32 << 10) - 40; i++) text += piece(i)
  return text
}
const hostile: readonly (readonly [string, string])[] = [
  ['keys and one twice', `${filled((i) => `${i.toString(36)}:\n`)}7:`],
  ['keys in a flow and one twice', `{${filled((i) => `${i.toString(36)},`)}7}`],
  ['keys that are all the same', filled(() => 'a:\n')],
  ['anchors with aliases', filled((i) => `- &a${i} 1\n- *a${i}\n`)],
  ['mappings that merge', `a: &a {b: 1}\nc:\n${filled(() => '- {<<: *a}\n')}`],
  [
    'mappings that merge one another',
    filled((i) => `a${i}: &a${i} {${i ? `<<: *a${i - 1}, ` : ''}b${i}: 1}\n`),
  ],
  ['aliases of one anchor', `a: &a 1\nb:\n${filled(() => '- *a\n')}`],
  ['merged mappings', `a: &a {b: 1}\n${filled((i) => `b${i}: {<<: *a}\n`)}`],
  ['nested sequences', filled(() => '- ')],
  ['nested keys', filled(() => '? ')],
  ['brackets that close nothing', filled(() => ']')],
  ['escapes that are none', `a: "${filled(() => '\\q')}"`],
  ['a tag without end', filled(() => '!')],
  ['an alias without anchor and end', filled(() => '*')],
  ['an alias with codes', 'a: *\u001b[31m'],
]

describe('readConfigFile', () => {
  it("takes the official run's all_config.yaml", () => {
    expect(read(ALL_CONFIG)).toMatchObject({
      hiddenSize: 512,
      numHeads: 8,
      layers: 2,
      hCycles: 3,
      lCycles: 6,
      positions: 'none',
      mlpT: true,
      puzzleEmbLen: 16,
      recommended: { steps: 16 },
    })
  })

  it('takes what Weights & Biases keeps of the run: each value wrapped, with a description', () => {
    const values = { _wandb: { python_version: '3.10.12' }, ...parse(ALL_CONFIG) }
    const wrapped = Object.entries(values).map(([key, value]) => [key, { desc: null, value }])
    const text = stringify({ wandb_version: 1, ...Object.fromEntries(wrapped) })
    expect(read(text)).toEqual(read(ALL_CONFIG))
    expect(read('arch: {value: {H_cycles: 3, L_cycles: 6}}\nkind: {value: sudoku}')).toMatchObject({
      hCycles: 3,
      lCycles: 6,
      kind: 'sudoku',
    })
  })

  it('takes what a mapping merges from others, under what it says itself', () => {
    const text =
      'base: &base {rope_theta: 30, H_cycles: 3}\narch:\n  H_cycles: 2\n  <<: *base\n  L_cycles: 6\n'
    expect(read(text)).toMatchObject({ ropeTheta: 30, hCycles: 2, lCycles: 6 })
    expect(read('<<: [{H_cycles: 3}, {H_cycles: 4, L_cycles: 6}]')).toMatchObject({ hCycles: 3, lCycles: 6 })
    expect(() => read('arch: {<<: 3}')).toThrow('neither JSON nor YAML')
    expect(() => read('a: &a {<<: *a}')).toThrow(CheckpointError)
  })

  it('says what is wrong inside a wrapped value', () => {
    expect(() => read('arch: {desc: null, value: {H_cycles: 0}}')).toThrow('H_cycles is 0, wanted a positive')
  })

  it.each([
    'recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1',
    'models/recursive_reasoning/trm',
    'trm',
    'trm_v1',
    'ptrm@PTRM',
    'TinyRecursiveReasoningModel_ACTV1',
  ])('takes the network %s for a TRM', (name) => {
    expect(read(`arch: {name: "${name}", H_cycles: 3}`)).toMatchObject({ hCycles: 3 })
  })

  it.each([
    'hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1',
    'recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1',
    'recursive_reasoning.transformers_baseline@Model_ACTV2',
    'recursive_reasoning.trm_singlez@TinyRecursiveReasoningModel_ACTV1',
    'recursive_reasoning.trm_hier6@TinyRecursiveReasoningModel_ACTV1',
    'gpt2',
  ])('refuses %s, wherever a config names its network', (name) => {
    const reason = `arch.name is "${name}", wanted a TRM's`
    expect(() => read(`arch: {name: "${name}"}`)).toThrow(reason.slice(0, 60))
    expect(() => read(`arch: {desc: null, value: {name: "${name}"}}`)).toThrow(reason.slice(0, 60))
    expect(() => read(`arch: "${name}"`)).toThrow(reason.slice(0, 60))
  })

  it('takes our own JSON whole', () => {
    const config = {
      vocabSize: 10, seqLen: 81, prefix: 1, hiddenSize: 128, numHeads: 1, layers: 2, hCycles: 1, lCycles: 3,
      positions: 'none', mlpT: true, rmsEps: 1e-5, ropeTheta: 10_000, answerTokens: [1, 2],
    } as const // biome-ignore format: a row a group
    const recommended = { rollouts: 64, steps: 16, sigma: 0.3, noiseTarget: 'zL' } as const
    const { prefix, ...same } = config
    expect(read(JSON.stringify(configToJson({ kind: 'sudoku', config, recommended })))).toEqual({
      ...same,
      kind: 'sudoku',
      puzzleEmbLen: prefix,
      recommended,
    })
  })

  it("takes the parity cases' config", () => {
    const url = new URL('../../../core-wasm/test/fixtures/official-trm/att-rope.config.json', import.meta.url)
    expect(readConfigFile(readFileSync(url), 'att-rope.config.json')).toMatchObject({
      positions: 'rope',
      hCycles: 3,
    })
  })

  it('takes every plan that a model file may recommend, and no other', () => {
    const plan = (text: string) => read(`recommended: ${text}`).recommended
    expect(plan('{sigma: [0.5, 0.4, 0], noiseTarget: zH}')).toEqual({
      sigma: [0.5, 0.4, 0],
      noiseTarget: 'zH',
    })
    for (const wrong of ['sigma: []', 'sigma: [-1]', 'sigma: 1001', 'rollouts: 1000001', 'steps: 100001'])
      expect(() => plan(`{${wrong}}`)).toThrow(/config\.yaml: recommended\.\w+ is .+, wanted /)
    expect(() => read('halt_max_steps: 100001')).toThrow('wanted an integer from 1 to 100000')
  })

  it('says all that is wrong, with the place and what was wanted', () => {
    const text = 'H_cycles: 0\nL_cycles: many\npos_encodings: sine\nrecommended: {steps: -1, sigma: .nan}'
    try {
      read(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigConflictError)
      expect((error as ConfigConflictError).conflicts).toEqual([
        'config.yaml: H_cycles is 0, wanted a positive integer',
        'config.yaml: L_cycles is "many", wanted a positive integer',
        'config.yaml: pos_encodings is "sine", wanted none, rope or learned',
        'config.yaml: recommended.steps is -1, wanted an integer from 1 to 100000',
        'config.yaml: recommended.sigma is null, wanted a number from 0 to 1000, or a list of such, one a step',
      ])
    }
  })

  it('refuses what is no UTF-8', () => {
    expect(() => readConfigFile(Uint8Array.of(0x61, 0x3a, 0xff), 'config.yaml')).toThrow(
      'neither JSON nor YAML',
    )
  })

  it('says where a text is no YAML, on one line', () => {
    expect(() => read('a: 1\nb: [')).toThrow(
      /^config\.yaml: neither JSON nor YAML: [^\n]+ at line 2, column 5$/,
    )
  })

  it.each<readonly [what: string, text: string, code: string]>([
    ['no YAML', '{a: [', 'malformed'],
    ['a list', '- 1\n- 2', 'malformed'],
    ['nothing', '', 'malformed'],
    ['nesting without end', '['.repeat(30_000), 'malformed'],
    ['more than a config has', `a: ${'x'.repeat(40_000)}`, 'too-large'],
    [
      'aliases that multiply (a billion laughs)',
      `a0: &a0 [x, x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`)}]`).join('\n')}`,
      'malformed',
    ],
    ['repeated keys', 'a: 1\nb: 2\na: 3', 'malformed'],
    ['a number and its text as keys', '1: 1\n"1": 2', 'malformed'],
    ...hostile.map(([what, text]) => [what, text, 'malformed'] as const),
  ])('refuses %s', (_, text, code) => {
    const started = cpuMs()
    try {
      read(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(CheckpointError)
      expect((error as CheckpointError).code).toBe(code)
      expect((error as CheckpointError).message.length).toBeLessThan(300)
      expect((error as CheckpointError).message).not.toMatch(/\p{Cc}/u)
    }
    expect(cpuMs() - started).toBeLessThan(2_000)
  })
})
