/** What `ptrm export` writes, and what it refuses. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tinyTiedModel } from '../../../core-wasm/test/tiny-model.ts'
import { ptrm, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('ptrm export', () => {
  it('exports a model as ONNX, and says what it needs', () => {
    const file = join(folder, 'sudoku.onnx')
    const { stderr, status } = ptrm(['export', 'sudoku', '--onnx', file, '--steps', '2'])
    expect(stderr).toContain(`wrote ${file}: 2 deep recursion steps, for boards of 9x9, `)
    expect(status).toBe(0)
    expect(readFileSync(file).length).toBeGreaterThan(1_000_000)
    expect(ptrm(['export', 'sudoku']).stderr).toContain('say what to write: --onnx FILE')
    expect(ptrm(['export', 'sudoku', '--onnx', '/no/such/folder/a']).status).toBe(2)
  })

  it('exports a model whose mix depends on the puzzle as ONNX alone', () => {
    const [model, graph, weights] = ['rooms.safetensors', 'rooms.onnx', 'rooms-pytorch.safetensors'].map(
      (name) => join(folder, name),
    ) as [string, string, string]
    writeFileSync(model, tinyTiedModel('rooms', { config: { vocab_size: 243, answer_tokens: [1, 2] } }))
    const written = ptrm(['export', model, '--onnx', graph, '--size', '4x5'])
    expect([written.status, written.stderr]).toEqual([0, expect.stringContaining(`wrote ${graph}: one deep`)])
    expect(written.stderr).toContain('for boards of 4x5, ')
    const large = ptrm(['export', model, '--onnx', join(folder, 'large.onnx'), '--size', '999x999'])
    expect([large.status, large.stderr]).toEqual([2, expect.stringContaining('an ONNX file holds')])
    const refused = ptrm(['export', model, '--safetensors', weights])
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('the model is no plain TRM'),
    ])
    expect(existsSync(weights)).toBe(false)
  })

  it.each([
    [[], 'say what to write'],
    [['--safetensors', 'x', '--steps', '2'], '--steps and --fp16 are for --onnx'],
    [['--onnx', 'x', '--prefix', ''], 'are for --safetensors'],
    [['--onnx', 'x', '--size', '3x4'], '--size: a board of 3x4: the model takes boards of'],
    [['--onnx', 'x', '--size', 'big'], 'rows x columns'],
    [['--onnx', 'x', '--safetensors', './x'], '--onnx x and --safetensors ./x are one file: give two'],
  ])('refuses %j', (flags, reason) => {
    const { stderr, status } = ptrm(['export', 'sudoku', ...flags])
    expect([status, stderr]).toEqual([2, expect.stringContaining(reason)])
  })
})
