/** What `ptrm doctor` says of this machine and of jobs. */
import { describe, expect, it } from 'vitest'
import { ptrm } from '../../test/ptrm.ts'

describe('ptrm doctor', () => {
  it('says what runs here, what does not and why, and what auto takes', () => {
    const { stdout, status } = ptrm(['doctor'])
    expect(stdout).toMatch(/^wasm +relaxed +yes +[\d.]+ ms a rollout-step/m)
    expect(stdout).toMatch(/^onnx-cuda +onnxruntime-node 1\.30\.0 +(yes|no +\S+)/m)
    expect(stdout).toMatch(/onnx-cpu (from \d+ expected rollout-steps on|never: the weights are tied)/)
    expect(status).toBe(0)
    const json = JSON.parse(ptrm(['doctor', '--json']).stdout)
    expect(json.engines.map(({ backend }: { backend: string }) => backend)).toContain('onnx-cuda')
  })

  it('counts what a job takes on a GPU', () => {
    const plan = ['doctor', '--json', '--memory', '24', '--plan', 'sudoku']
    const json = JSON.parse(ptrm([...plan, '256', '--steps-per-run', '1']).stdout)
    expect(json).toMatchObject({
      rollouts: 256,
      stepsPerRun: 1,
      cells: 81,
      copiedBytes: 81 * 8 + 4 * 82 * 128 * 4 + 81 + 8,
    })
    expect(json.fits).toBe(Math.floor((20.5 * 2 ** 30 - json.weightBytes) / json.slotBytes))
    const inGraph = JSON.parse(ptrm([...plan, '256']).stdout)
    expect(inGraph).toMatchObject({
      noise: 'graph',
      copiedBytes: (81 * 8 + 4 * 82 * 128 * 4 + 8) / 8 + 12 + 81 + 4,
    })
    expect(inGraph.noiseMs).toBeUndefined()
    expect(ptrm([...plan, '4', '--size', '9x8']).stderr).toContain('--size: a board of 9x8: the model takes')
    expect(ptrm([...plan, 'many']).stderr).toContain("K is 'many', wanted a whole number")
    expect(ptrm(plan).stderr).toContain('--plan wants a model and K')
    expect(ptrm(['doctor', '--plan', 'sudoku', '4', '--memory', '0']).status).toBe(2)
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('says how it would install CUDA', () => {
    const { stdout, status } = ptrm(['doctor', '--install-cuda', '--dry-run', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ onnxruntime: '1.30.0', done: expect.any(Array) })
    expect(status).toBe(0)
    const nowhere = ptrm(['doctor', '--install-cuda', '--from', '/nowhere.whl'])
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining('there is no such file')])
  })

  it.each([
    [['--dry-run'], '--dry-run belongs to --install-cuda'],
    [['--python', 'python3'], '--python belongs to --install-cuda'],
    [['--memory', '24'], '--memory belongs to --plan'],
    [['--install-cuda', '--dry-run', '--size', '9x9'], '--size belongs to --plan'],
    [['--plan', 'sudoku', '4', '--from', 'x'], '--from belongs to --install-cuda'],
    [['--plan', 'sudoku', '4', '--model', 'tapa'], '--model is for neither --plan'],
    [['--install-cuda', '--plan', 'sudoku', '4'], 'ask for one at a time'],
  ])('refuses %j, which would change nothing', (flags, reason) => {
    const { stdout, stderr, status } = ptrm(['doctor', ...flags])
    expect([stdout, stderr, status]).toEqual(['', expect.stringContaining(reason), 2])
  })
})
