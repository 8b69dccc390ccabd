/** What `ptrm export` writes, and what it refuses. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ptrm, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('ptrm export', () => {
  it('exports a model as ONNX, and says what it needs', () => {
    const file = join(folder, 'sudoku.onnx')
    const { stderr, status } = ptrm(['export', 'sudoku', '--onnx', file, '--steps', '2'])
    expect(stderr).toContain(`wrote ${file}: 2 deep recursion steps`)
    expect(status).toBe(0)
    expect(readFileSync(file).length).toBeGreaterThan(1_000_000)
    expect(ptrm(['export', 'sudoku']).stderr).toContain('say what to write: --onnx FILE')
    expect(ptrm(['export', 'sudoku', '--onnx', '/no/such/folder/a']).status).toBe(2)
  })

  it.each([
    [[], 'say what to write'],
    [['--safetensors', 'x', '--steps', '2'], '--steps and --fp16 are for --onnx'],
    [['--onnx', 'x', '--prefix', ''], 'are for --safetensors'],
    [['--onnx', 'x', '--size', '3x4'], '--size: a board of 3x4: the model takes boards of'],
    [['--onnx', 'x', '--size', 'big'], 'rows x columns'],
  ])('refuses %j', (flags, reason) => {
    const { stderr, status } = ptrm(['export', 'sudoku', ...flags])
    expect([status, stderr]).toEqual([2, expect.stringContaining(reason)])
  })
})
