/** What is over leaves nothing behind: the heap is as large after many thousand rollouts as before them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { compileKernel } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import { makePlan } from '../rollouts/plan.ts'
import { nodeAdapter } from './node.ts'
import type { PoolRunOptions } from './open-job.ts'
import { Pool } from './pool.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
const kernel = await compileKernel()
const puzzle = sudoku.parse('.'.repeat(81))
const board = sudoku.encode(puzzle)

const ROLLOUTS = 8
const WARM_UP = 400
const PUZZLES = 1000
/** Bytes a rollout: noise takes a few, and the smallest leak that there was took 200. */
const NOTHING = 40

const plan = makePlan({ rollouts: ROLLOUTS, steps: 1, stop: 'all' })
const stopping = makePlan({ rollouts: ROLLOUTS, steps: 1, stop: { qAbove: -1 } })
const abort = new AbortController()

it.each<[string, PoolRunOptions, typeof plan]>([
  ['alone', {}, plan],
  ['with a signal that never fires', { signal: abort.signal }, plan],
  ['with a deadline that never comes', { deadline: 1e9 }, plan],
  ['with a listener', { onStep: () => {}, onCandidate: () => {} }, plan],
  ['that a stop rule ends', {}, stopping],
])('rollouts %s', async (_, options, plan) => {
  const workerUrl = new URL('../../test/quick-worker.ts', import.meta.url)
  const pool = new Pool({ adapter: nodeAdapter({ workerUrl }), kernel, workers: 2 })
  const model = pool.open(new Uint8Array())
  const solve = async (puzzles: number) => {
    const rollouts = Array.from({ length: ROLLOUTS }, (_, k) => k)
    // Several in flight, as in a stream of puzzles.
    const lane = async () => {
      for (let i = 0; i < puzzles / 4; i++)
        await model.run({ board, plan, rollouts, kind: 'sudoku', puzzle }, options)
    }
    await Promise.all([lane(), lane(), lane(), lane()])
    gc()
    return process.memoryUsage().heapUsed
  }
  const before = await solve(WARM_UP)
  const after = await solve(PUZZLES)
  await pool.close()
  const each = (after - before) / (PUZZLES * ROLLOUTS)
  expect(each).toBeLessThan(NOTHING)
})
