/** A worker hears within one step which rollouts are no longer wanted. */
import { compileKernel } from '@ptrm/core-wasm'
import { sudoku } from '@ptrm/puzzles'
import { expect, it, vi } from 'vitest'
import { quickEngine } from '../../test/quick-engine.ts'
import type { Engine } from '../engines/engine.ts'
import { loadModelBytes } from '../node.ts'
import { makePlan } from '../rollouts/plan.ts'
import type { FromWorker, ToWorker } from './protocol.ts'
import { type WorkerGround, workerBody } from './worker.ts'

const puzzle = sudoku.parse('.'.repeat(81))
const job = {
  board: sudoku.encode(puzzle),
  plan: makePlan({ rollouts: 1, steps: 6, stop: 'all' }),
  rollouts: [0],
  kind: 'sudoku',
  puzzle,
}

/** A worker whose `at`th pause lets the pool say something. */
async function worker(at: number, says: ToWorker, ground: Partial<WorkerGround> = {}) {
  const posted: FromWorker[] = []
  let pauses = 0
  let tell = () => {}
  const hear = workerBody({
    post: (message) => {
      posted.push(message)
      tell()
    },
    pause: async () => {
      pauses += 1
      if (pauses === at) hear(says)
    },
    ...ground,
  })
  /** Says something, and waits for an answer of the type. */
  const ask = async (message: ToWorker, type: FromWorker['type']) => {
    hear(message)
    while (posted.at(-1)?.type !== type)
      await new Promise<void>((resolve) => {
        tell = resolve
      })
    return posted.splice(0)
  }
  await ask(
    { type: 'load', model: 0, kernel: await compileKernel(), modelBytes: await loadModelBytes('sudoku') },
    'loaded',
  )
  return ask
}

it('ends a run at the step in whose pause it is told to, and not the next run', async () => {
  const ask = await worker(3, { type: 'end', run: 7, from: 0 })
  expect(await ask({ type: 'run', run: 7, model: 0, job, steps: false }, 'done')).toMatchObject([
    { type: 'found', run: 7, found: { cut: true, stops: false, candidate: { steps: 3, complete: false } } },
    { type: 'done', run: 7 },
  ])
  expect(await ask({ type: 'run', run: 8, model: 0, job, steps: false }, 'done')).toMatchObject([
    { type: 'found', run: 8, found: { cut: false, candidate: { steps: 6, complete: true } } },
    { type: 'done', run: 8 },
  ])
})

it('ends the rollouts that are not wanted, and goes on with those that are', async () => {
  const ask = await worker(2, { type: 'end', run: 1, from: 3 }, { makeEngine: async () => quickEngine(4) })
  const rollouts = [1, 2, 3, 4, 5]
  const answers = await ask(
    { type: 'run', run: 1, model: 0, job: { ...job, rollouts }, steps: false },
    'done',
  )
  const found = answers.flatMap((answer) => (answer.type === 'found' ? [answer.found] : []))
  expect(found.map(({ cut, candidate: { rollout, steps } }) => [rollout, steps, cut])).toEqual([
    [3, 2, true],
    [4, 2, true],
    [1, 6, false],
    [2, 6, false],
  ])
})

it.each([
  ['other runs go on where the board of one fails a step', 2, ['done', 'failed', 'done']],
  ['a run fails with its step where no other has a part in it', 0, ['failed']],
])('%s', async (_, bad, ends) => {
  const makeEngine = async (): Promise<Engine> => {
    const engine = quickEngine(4)
    const step: Engine['step'] = (requests) => {
      if (requests.some(({ slot }) => slot === (bad ? 1 : 0))) throw new Error('no memory for this board')
      return engine.step(requests)
    }
    return { ...engine, step }
  }
  const posted: FromWorker[] = []
  const hear = workerBody({ makeEngine, post: (message) => posted.push(message), pause: async () => {} })
  hear({ type: 'load', model: 0, kernel: await compileKernel(), modelBytes: new Uint8Array() })
  await vi.waitFor(() => expect(posted).toHaveLength(1))
  for (const run of ends.keys()) hear({ type: 'run', run, model: 0, job, steps: false })
  const isEnd = ({ type }: FromWorker) => type === 'done' || type === 'failed'
  await vi.waitFor(() => expect(posted.filter(isEnd)).toHaveLength(ends.length))
  const byRun = posted.filter(isEnd).sort((a, b) => ('run' in a && 'run' in b ? a.run - b.run : 0))
  expect(byRun.map(({ type }) => type)).toEqual(ends)
  expect(posted.find(({ type }) => type === 'failed')).toMatchObject({
    thrown: { error: { message: 'no memory for this board' } },
  })
})

it('takes no notice of what is said of another run', async () => {
  const ask = await worker(2, { type: 'end', run: 6, from: 0 })
  const [found] = await ask({ type: 'run', run: 7, model: 0, job, steps: false }, 'done')
  expect(found).toMatchObject({ found: { candidate: { steps: 6 }, cut: false } })
})

it('tells why it did not load, and that it runs nothing before it has', async () => {
  const posted: FromWorker[] = []
  const hear = workerBody({ post: (message) => posted.push(message), pause: async () => {} })
  hear({ type: 'run', run: 1, model: 0, job, steps: false })
  hear({ type: 'load', model: 0, kernel: await compileKernel(), modelBytes: new Uint8Array(3) })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(posted).toMatchObject([
    { type: 'failed', run: 1, thrown: { error: { message: 'run before load' } } },
    { type: 'not-loaded', thrown: { error: { class: 'ModelFormatError' } } },
  ])
})
