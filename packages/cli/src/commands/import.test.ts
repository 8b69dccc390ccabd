/** What `ptrm import` makes of checkpoints, and what it refuses. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { EASY, ptrm, testFolder } from '../../test/ptrm.ts'

const CASES = fileURLToPath(new URL('../../../core-wasm/test/fixtures/official-trm', import.meta.url))
const HOSTILE = fileURLToPath(new URL('../../../checkpoints/test/fixtures/checkpoints', import.meta.url))
const folder = testFolder()
const at = (name: string) => join(folder, name)

describe('ptrm import', () => {
  it('takes back what export wrote for PyTorch, and solves with it', () => {
    const exported = ptrm(['export', 'sudoku', '--safetensors', at('to.safetensors'), '--token-offset', '1'])
    expect(exported.stderr).toContain('15 tensors _orig_mod.model.inner.*, f32')
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

  it('takes flags over the config file', () => {
    const config = at('all_config.yaml')
    writeFileSync(config, 'arch:\n  H_cycles: 9\n  L_cycles: 6\n  puzzle_emb_len: 16\n  halt_max_steps: 16\n')
    const pt = join(CASES, 'mlp-sudoku.pt')
    const args = ['--config', config, '--kind', 'sudoku', '--h-cycles', '3', '-o', at('mlp.safetensors')]
    const { stderr, status } = ptrm(['import', pt, ...args])
    expect([status, stderr]).toEqual([0, expect.stringContaining('H_cycles 3, L_cycles 6')])
    expect(readFileSync(at('mlp.safetensors')).includes('\\"steps\\":16')).toBe(true)
  })

  it.each([
    ['refused-runs.pt', 'not on the allow-list'],
    ['refused-legacy.pt', 'before torch 1.6'],
    ['refused-nan.pt', 'q_head.bias'],
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
