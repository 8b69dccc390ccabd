/** The onnx engine runs the same rollouts as the wasm engine, through the whole solver, and says why it can't run on CUDA. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BackendUnavailableError } from '../../errors.ts'
import { createSolver } from '../../node.ts'
import type { Solver } from '../../solver.ts'

const puzzles = readFileSync(new URL('../../../../../examples/sudoku-hard.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^[\d.]{81}/.test(line))
  .map((line) => line.slice(0, 81))

describe('the solver on onnxruntime', () => {
  it.each([
    { stepsPerRun: 2 },
    { stepsPerRun: 2, noise: 'graph' },
    { stepsPerRun: 2, noise: 'graph', form: 'unrolled' },
  ] as const)(
    'gives the wasm backend’s candidates with %o',
    async (how) => {
      const options = { rollouts: 8, steps: 3, stop: 'all', seed: 3n } as const
      const wasm = await createSolver({ backend: 'wasm', workers: 1 })
      const onnx = await createSolver({ backend: 'onnx-cpu', onnx: { slots: 3, ...how } })
      for (const puzzle of puzzles.slice(0, 2)) {
        const [wanted, found] = [await wasm.solve(puzzle, options), await onnx.solve(puzzle, options)]
        expect(found.candidates.map(({ tokens }) => tokens)).toEqual(
          wanted.candidates.map(({ tokens }) => tokens),
        )
        for (const [i, { q }] of found.candidates.entries()) expect(q).toBeCloseTo(wanted.candidates[i]!.q, 1)
      }
      await Promise.all([wasm.close(), onnx.close()])
    },
    120_000,
  )

  it('runs the same rollouts: 50 puzzles, 16 rollouts, three noisy steps', async () => {
    const file = new URL('../../../../../examples/sudoku-dev-200.csv', import.meta.url)
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1)
    // Every fourth, so that all sources are among them.
    const chosen = rows.filter((_, i) => i % 4 === 0).map((row) => /[\d.]{81}/.exec(row)![0])
    expect(chosen).toHaveLength(50)
    const plan = { rollouts: 16, steps: 3, stop: 'all', seed: 1, includeDeterministic: false } as const
    const [wasm, onnx] = [
      await createSolver({ backend: 'wasm' }),
      await createSolver({ backend: 'onnx-cpu' }),
    ]
    const run = (solver: Solver) => Promise.all(chosen.map((puzzle) => solver.solve(puzzle, plan)))
    const [wanted, found] = [await run(wasm), await run(onnx)]
    for (const [i, { candidates }] of wanted.entries()) {
      for (const [k, { tokens, q, rollout }] of candidates.entries()) {
        const other = found[i]!.candidates[k]!
        expect(other.rollout).toBe(rollout)
        expect(other.tokens).toEqual(tokens)
        // Measured: 4.5e-4 at most (`npm run bench:backends`).
        expect(Math.abs(other.q - q)).toBeLessThan(2e-3)
      }
    }
    await Promise.all([wasm.close(), onnx.close()])
  }, 600_000)

  it('is closed in the middle of a run without harm', async () => {
    const solver = await createSolver({ backend: 'onnx-cpu', onnx: { slots: 8 } })
    const running = solver.solve(puzzles[0]!, { rollouts: 64, stop: 'all' })
    const first = new Promise((resolve) => setTimeout(resolve, 200))
    await first
    const closed = solver.close()
    await expect(running).rejects.toThrow('the pool was closed')
    await closed
  }, 60_000)

  it('rejects with the loader’s reason where CUDA can’t be had', async () => {
    const solver = createSolver({ backend: 'onnx-cuda' })
    await expect(solver).rejects.toThrow(BackendUnavailableError)
    await expect(solver).rejects.toThrow(/Cuda|cuda|shared library/)
  }, 60_000)
})
