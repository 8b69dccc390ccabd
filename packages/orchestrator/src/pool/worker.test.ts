/** A worker hears a cancel within one step. */
import { compileKernel } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import { loadModelBytes } from '../node.ts'
import { makePlan } from '../rollouts/plan.ts'
import { workerApi } from './worker.ts'

it('ends a job at the step in whose pause it is cancelled, and not the next job', async () => {
  let pauses = 0
  const api = workerApi(async () => {
    pauses += 1
    if (pauses === 3) api.cancel(7)
  })
  await api.load(await compileKernel(), await loadModelBytes('sudoku'))
  const puzzle = sudoku.parse('.'.repeat(81))
  const job = {
    tokens: sudoku.encode(puzzle),
    plan: makePlan({ rollouts: 1, steps: 6, stop: 'all' }),
    rollouts: [0],
    kind: 'sudoku',
    puzzle,
  }
  const cancelled = await api.run({ ...job, id: 7 })
  expect(cancelled).toMatchObject({ stopped: false, candidates: [{ steps: 3, complete: false }] })
  const next = await api.run({ ...job, id: 8 })
  expect(next.candidates).toMatchObject([{ steps: 6, complete: true }])
})
