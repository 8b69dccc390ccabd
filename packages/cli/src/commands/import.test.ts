/** What `ptrm import` makes of checkpoints, and what it refuses. */
import { linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readModel } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { describe, expect, it } from 'vitest'
import { EASY, ptrm, testFolder } from '../../test/ptrm.ts'

const CASES = fileURLToPath(new URL('../../../core-wasm/test/fixtures/official-trm', import.meta.url))
const HOSTILE = fileURLToPath(new URL('../../../checkpoints/test/fixtures/checkpoints', import.meta.url))
const folder = testFolder()
const at = (name: string) => join(folder, name)

/** A safetensors file with another header; the tensors' bytes stay. */
function withHeader(file: string, name: string, change: (header: Record<string, unknown>) => object): string {
  const bytes = readFileSync(file)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  const text = Buffer.from(JSON.stringify(change(header)))
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(at(name), Buffer.concat([size, text, bytes.subarray(8 + length)]))
  return at(name)
}

/** The bundled Sudoku model under PyTorch's names, with as many tokens in front of its own; its config goes by flags. */
function sudokuCheckpoint(name: string, offset: number): string {
  const whole = at(`whole-${name}`)
  ptrm(['export', 'sudoku', '--safetensors', whole, '--token-offset', String(offset)])
  return withHeader(whole, name, ({ __metadata__: _, ...tensors }) => tensors)
}

const CYCLES = ['--kind', 'sudoku', '--h-cycles', '1', '--l-cycles', '3']

describe('ptrm import', () => {
  it('takes back what export wrote for PyTorch, and solves with it', () => {
    const exported = ptrm(['export', 'sudoku', '--safetensors', at('to.safetensors'), '--token-offset', '1'])
    expect(exported.stderr).toContain('15 tensors _orig_mod.model.inner.*, f32, for boards of 9x9, ')
    ptrm(['export', 'sudoku', '--safetensors', at('official.safetensors')])
    expect(ptrm(['solve', EASY, '--model', at('official.safetensors')]).stderr).toMatch(
      /tensor .* is missing; the file has _orig_mod\.model\.inner\..*: make a model file of it with ptrm import\n$/,
    )
    const { stderr, status } = ptrm(['import', at('to.safetensors'), '-o', at('back.safetensors')])
    expect(stderr).toContain(`wrote ${at('back.safetensors')}`)
    expect(stderr).toContain("the checkpoint's 1 is ptrm's 0")
    expect(status).toBe(0)
    const solved = ptrm(['solve', EASY, '--quiet', '--model', at('back.safetensors')])
    expect(solved.stdout).toBe(ptrm(['solve', EASY, '--quiet']).stdout)
    expect(solved.status).toBe(0)
  })

  it('lists all that is missing, with the flags, and writes nothing', () => {
    const { stderr, status } = ptrm(['import', join(CASES, 'att-rope.pt'), '-o', at('none.safetensors')])
    for (const flag of ['--kind', '--h-cycles', '--l-cycles', '--heads', '--positions', '--seq-len'])
      expect(stderr).toContain(flag)
    expect(status).toBe(2)
    expect(readdirSync(folder)).not.toContain('none.safetensors')
  })

  it('refuses what solve would refuse, and a model file that needs no import', () => {
    const file = sudokuCheckpoint('deep', 1)
    const deep = ptrm(['import', file, ...CYCLES, '--steps', '100000', '-o', at('deep-out')])
    expect([deep.status, deep.stderr]).toEqual([0, expect.stringContaining('wrote')])
    const deeper = ptrm([
      'import',
      file,
      '--kind',
      'sudoku',
      '--h-cycles',
      '3',
      '--l-cycles',
      '6',
      '--steps',
      '100000',
      '-o',
      at('deeper-out'),
    ])
    expect([deeper.status, deeper.stderr]).toEqual([
      2,
      expect.stringContaining('calls of layers; this build'),
    ])
    expect(readdirSync(folder)).not.toContain('deeper-out')
    const free = ptrm(['import', fileURLToPath(bundledModel('sudoku')!.weights), '-o', at('free')])
    expect([free.status, free.stderr]).toEqual([2, expect.stringContaining('there is nothing to import')])
  })

  it('takes flags over the config file', () => {
    const config = at('all_config.yaml')
    writeFileSync(config, 'arch:\n  H_cycles: 9\n  L_cycles: 6\n  puzzle_emb_len: 16\n  halt_max_steps: 16\n')
    const pt = join(CASES, 'mlp-sudoku.pt')
    const args = ['--config', config, '--kind', 'sudoku', '--h-cycles', '3', '-o', at('mlp.safetensors')]
    const { stderr, status } = ptrm(['import', pt, ...args])
    expect([status, stderr]).toEqual([0, expect.stringContaining('H_cycles 3, L_cycles 6')])
    expect(readFileSync(at('mlp.safetensors')).includes('\\"steps\\":16')).toBe(true)
  })

  it('keeps what a model file of its own recommends, but for what flags and --config say', () => {
    const planOf = (name: string) => readModel(readFileSync(at(name))).recommended
    const flags = ['--rollouts', '9', '--sigma', '0.2', '--noise-target', 'zH', '--steps', '12']
    const first = ptrm(['import', sudokuCheckpoint('planned', 1), ...CYCLES, ...flags, '-o', at('first')])
    expect([first.status, first.stderr]).toEqual([0, expect.stringContaining('wrote')])
    const plan = { rollouts: 9, steps: 12, sigma: 0.2, noiseTarget: 'zH' }
    ptrm(['import', at('first'), '-o', at('same')])
    expect(planOf('same')).toEqual(plan)
    ptrm(['import', at('first'), '--steps', '32', '-o', at('deeper')])
    expect(planOf('deeper')).toEqual({ ...plan, steps: 32 })
    writeFileSync(at('schedule.json'), JSON.stringify({ recommended: { sigma: [0.5, 0.4], rollouts: 7 } }))
    const config = ['--config', at('schedule.json'), '--rollouts', '8']
    ptrm(['import', at('first'), ...config, '-o', at('scheduled')])
    expect(planOf('scheduled')).toEqual({ ...plan, sigma: [0.5, 0.4], rollouts: 8 })
    ptrm(['import', at('scheduled'), '-o', at('again')])
    expect(planOf('again')).toEqual(planOf('scheduled'))
  })

  it.each([
    ['refused-runs.pt', 'not on the allow-list'],
    ['refused-legacy.pt', 'before torch 1.6'],
    ['model-and-ema.pt', '--entry ema'],
  ])('refuses %s, and leaves what was there', (name, reason) => {
    const output = at('kept.safetensors')
    writeFileSync(output, 'kept')
    const flags = ['--h-cycles', '2', '--l-cycles', '2', '--heads', '2', '--positions', 'rope']
    const board = ['--kind', 'sudoku', '--seq-len', '81', '--prefix', '2']
    const { stderr, status } = ptrm(['import', join(HOSTILE, name), ...flags, ...board, '-o', output])
    expect([status, stderr]).toEqual([2, expect.stringContaining(reason)])
    expect(readFileSync(output, 'utf8')).toBe('kept')
    expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([])
  })

  it('never writes over what it reads, by whatever name', () => {
    const file = sudokuCheckpoint('own.safetensors', 1)
    symlinkSync(file, at('symbolic.safetensors'))
    linkSync(file, at('hard.safetensors'))
    const config = at('own.yaml')
    writeFileSync(config, 'kind: sudoku')
    const before = readFileSync(file)
    for (const output of [
      file,
      `${folder}/./own.safetensors`,
      at('symbolic.safetensors'),
      at('hard.safetensors'),
    ]) {
      const { stderr, status } = ptrm(['import', file, ...CYCLES, '-o', output])
      expect([status, stderr]).toEqual([2, expect.stringContaining(`ptrm: -o ${output} is `)])
      expect(stderr).toContain('give another file')
    }
    expect(ptrm(['import', file, '--config', config, '-o', config]).stderr).toContain(
      `-o ${config} is what is read`,
    )
    expect(Buffer.compare(readFileSync(file), before)).toBe(0)
    expect(readFileSync(config, 'utf8')).toBe('kind: sudoku')
    expect(ptrm(['export', file, '--safetensors', file]).stderr).toContain('--safetensors')
    expect(Buffer.compare(readFileSync(file), before)).toBe(0)
  })

  it('refuses an HRM and other networks that are no TRM by the names of their tensors, and writes nothing', () => {
    const file = sudokuCheckpoint('trm.safetensors', 1)
    const LAYER = '_orig_mod.model.inner.L_level.layers.0.mlp.down_proj.weight'
    const twin = (name: string) =>
      withHeader(file, 'foreign.safetensors', (header) => {
        const { dtype } = header[LAYER] as { dtype: string }
        return { ...header, [`_orig_mod.model.inner.${name}`]: { dtype, shape: [0], data_offsets: [0, 0] } }
      })
    for (const name of [
      'H_level.layers.0.mlp.down_proj.weight',
      'L_level.layers.0.norm1.weight',
      'lm_head.bias',
    ]) {
      const { stderr, status } = ptrm(['import', twin(name), ...CYCLES, '-o', at('foreign-out')])
      expect([status, stderr]).toEqual([
        2,
        expect.stringContaining(`foreign.safetensors: the network has tensors`),
      ])
      expect(stderr).toContain(name)
    }
    const config = at('hrm.yaml')
    writeFileSync(config, 'arch:\n  name: hrm.hrm_act_v1@HierarchicalReasoningModel_ACTV1\n  H_cycles: 2\n')
    const { stderr, status } = ptrm(['import', file, '--config', config, ...CYCLES, '-o', at('foreign-out')])
    expect([status, stderr]).toEqual([2, expect.stringContaining('hrm.yaml: arch.name is "hrm.hrm_act_v1')])
    expect(readdirSync(folder)).not.toContain('foreign-out')
  })

  it('asks what twelve Sudoku tokens are, and solves as before once it is told', () => {
    const file = sudokuCheckpoint('twelve.safetensors', 2)
    const output = at('twelve-out.safetensors')
    const refused = ptrm(['import', file, ...CYCLES, '-o', output])
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('vocab_size is 12, sudoku has 10 tokens')
    expect(refused.stderr).toContain('--token-offset 2')
    expect(ptrm(['import', file, ...CYCLES, '--token-offset', '2', '-o', output]).status).toBe(0)
    const plan = ['--quiet', '--rollouts', '4', '--steps', '16', '--sigma', '0.3']
    const solved = ptrm(['solve', EASY, ...plan, '--model', output])
    expect(solved.stdout).toMatch(/^[1-9]{81}\n$/)
    expect(solved.stdout).toBe(ptrm(['solve', EASY, ...plan]).stdout)
    // With too few taken away answers are wrong, but of the board's length.
    ptrm(['import', file, ...CYCLES, '--token-offset', '0', '-o', output])
    expect(ptrm(['solve', EASY, ...plan, '--model', output]).stdout).toMatch(/^[1-9]{81}\n$/)
    expect(ptrm(['import', file, ...CYCLES, '--token-offset', '3', '-o', output]).stderr).toContain(
      'knows 9 tokens',
    )
  })

  it('solve refuses a model file whose answers are none of its kind', () => {
    const file = at('answers.safetensors')
    ptrm(['import', sudokuCheckpoint('eleven.safetensors', 1), ...CYCLES, '-o', file])
    const bad = withHeader(file, 'bad.safetensors', ({ __metadata__: metadata, ...tensors }) => {
      const config = JSON.parse((metadata as { ptrm: string }).ptrm)
      return { __metadata__: { ptrm: JSON.stringify({ ...config, answer_tokens: [0, 1, 2] }) }, ...tensors }
    })
    const { stdout, stderr, status } = ptrm(['solve', EASY, '--model', bad])
    expect([status, stdout, stderr]).toEqual([
      2,
      '',
      expect.stringContaining('answer_tokens holds 0; answers of sudoku'),
    ])
    expect(stderr).toContain(bad)
  })

  it('reads the config of Weights & Biases, compiled modules, and metadata that is no text', () => {
    const config = at('config.yaml')
    writeFileSync(
      config,
      'wandb_version: 1\narch:\n  desc: null\n  value: {H_cycles: 1, L_cycles: 3, halt_max_steps: 7}\n',
    )
    const file = withHeader(sudokuCheckpoint('plain.safetensors', 1), 'compiled.safetensors', (header) => ({
      __metadata__: { step: 5000, format: 'pt' },
      ...Object.fromEntries(
        Object.entries(header).map(([name, entry]) => [
          name.replace('L_level.', 'L_level._orig_mod.'),
          entry,
        ]),
      ),
    }))
    const output = at('compiled-out.safetensors')
    const { stderr, status } = ptrm(['import', file, '--config', config, '--kind', 'sudoku', '-o', output])
    expect([status, stderr]).toEqual([0, expect.stringContaining('2 layers')])
    expect(readFileSync(output).includes('\\"steps\\":7')).toBe(true)
  })

  it('stops at a weight that is not finite, and leaves what was there', () => {
    const file = sudokuCheckpoint('nan.safetensors', 1)
    const bytes = readFileSync(file)
    bytes.writeFloatLE(Number.NaN, bytes.length - 4)
    writeFileSync(file, bytes)
    const output = at('kept.safetensors')
    writeFileSync(output, 'kept')
    const { stderr, status } = ptrm(['import', file, ...CYCLES, '-o', output])
    expect([status, stderr]).toEqual([2, expect.stringMatching(/tensor q_head.weight .* is not finite/)])
    expect(readFileSync(output, 'utf8')).toBe('kept')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('names a file that is not there, a folder that is none, and flags of the wrong form', () => {
    expect(ptrm(['import', at('nothing.pt'), '-o', at('x')]).stderr).toContain(
      `can't read ${at('nothing.pt')}`,
    )
    expect(ptrm(['import', at('to.safetensors'), '-o', '/no/such/x']).stderr).toContain(
      "can't write /no/such/x",
    )
    expect(ptrm(['import', at('to.safetensors'), '-o', at('x'), '--heads', 'two']).status).toBe(2)
    expect(ptrm(['import', at('to.safetensors')]).stderr).toContain('--output')
  })
})
