/** The order of measures, the time limit and what is told of failures, on processes that only pretend. */
import { afterEach, describe, expect, it } from 'vitest'
import type { GpuModel } from './gpu-models.ts'
import { type Contender, pairsOf, planOf, type Stage } from './gpu-plan.ts'
import { Contenders } from './gpu-protocol.ts'
import { runStages } from './gpu-run.ts'

const opened: Contenders[] = []
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

/** A rollout-step takes `ms`; the one named `broken` can't be opened, `deadly` ends the process; `answer` is what it says of every board. */
function fake(ms: number, { broken = 'none', deadly = 'none', answer = 1 } = {}): Contenders {
  const code = `require('node:readline').createInterface(process.stdin).on('line', (line) => {
    const { id, op, name, slots, steps } = JSON.parse(line)
    const say = (answer, after = 0) => setTimeout(() => console.log(JSON.stringify({ id, ...answer })), after)
    const took = ${ms} * slots * steps
    if (op === 'open') return say(name.includes('${broken}') ? { error: 'no such kernel' } : { ms: 1 })
    if (op === 'warm' && name.includes('${deadly}')) process.exit(9)
    if (op === 'answers') return say({ tokens: Buffer.from([${answer}, 1]).toString('base64'), q: [2] })
    if (op === 'warm') return say({ ms: took }, took)
    if (op === 'measure') return say({ rolloutSteps: slots * steps, seconds: took / 1000, runs: 2 }, took)
    say({})
  })`
  const contenders = new Contenders('fake', { command: process.execPath, args: ['-e', code] })
  opened.push(contenders)
  return contenders
}

const model = {
  ...{
    name: 'tapa',
    title: '',
    file: '',
    denseFile: '',
    denseWeights: 1,
    netCalls: 1,
    flopsPerRolloutStep: 1,
  },
  ...{
    board: { rows: 1, columns: 2 },
    boards: [[0, 0]],
    steps: 10,
    sigma: 0.3,
    puzzle: { rollouts: 1, steps: 1 },
  },
} satisfies GpuModel

const contender = (name: string, side: Contender['side']): Contender => {
  return { name, side, precision: 'f32', options: {} }
}
const ours = contender('ours', 'ptrm')
const theirs = contender('theirs', 'pytorch')

function run(slots: readonly number[], ptrm: Contenders, pytorch: Contenders, ms: number, first = ours) {
  const cells = slots.map((count) => ({ model: 'tapa', slots: count, contenders: [first, theirs] }) as const)
  const stages: Stage[] = [{ name: 'only', cells }]
  return runStages(stages, {
    models: new Map([['tapa', model]]),
    processes: new Map([
      ['ptrm', ptrm],
      ['pytorch', pytorch],
    ]),
    ...{ wholeRuns: true, deadline: performance.now() + ms, rounds: 3, roundSeconds: 0.01 },
  })
}

describe('runStages', () => {
  it('times all contenders of a cell in so many rounds, after a look at their answers', async () => {
    const found = await run([2], fake(1), fake(2, { answer: 3 }), 30_000)
    expect(found.leftOut).toEqual([])
    expect(found.measures.map(({ contender: { name }, slots }) => [name, slots])).toEqual([
      ['ours', 2],
      ['theirs', 2],
    ])
    const [mine, other] = found.measures
    expect(mine!.samples).toHaveLength(3)
    expect(mine!.rolloutStepsPerSecond.median).toBeCloseTo(1000)
    // Two runs of five steps in a pass of 2 slots and 10 steps, 20 ms.
    expect(mine!.stepsPerRun).toBe(5)
    expect(mine!.msPerRun.median).toBeCloseTo(10)
    expect(other!.rolloutStepsPerSecond.median).toBeCloseTo(500)
    expect(found.agreements).toEqual([
      { model: 'tapa', contender: 'ours', with: 'ours', sameTokens: 1, q: 0 },
      { model: 'tapa', contender: 'theirs', with: 'ours', sameTokens: 0.5, q: 0 },
    ])
  })

  it('keeps its time, and says what it left out', async () => {
    const started = performance.now()
    // Passes of 10 and 20 ms, 20 s and 40 s.
    const found = await run([1, 2, 2000, 4000], fake(1), fake(1), 6000)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(found.measures.map(({ slots }) => slots)).toEqual([1, 1, 2, 2])
    expect(found.leftOut).toHaveLength(4)
    for (const { why } of found.leftOut) expect(why).toMatch(/would take about|no time was left/)
  })

  it('ends what hangs, in time to measure the others', async () => {
    const started = performance.now()
    const found = await run([1, 2], fake(1), fake(1e6), 6000)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(found.measures.map(({ contender: { name }, slots }) => [name, slots])).toEqual([
      ['ours', 1],
      ['ours', 2],
    ])
    const why = expect.stringContaining('gave no answer to warm')
    expect(found.leftOut).toMatchObject([
      { contender: 'theirs', slots: 1, why },
      { contender: 'theirs', slots: 2, why },
    ])
  })

  it('opens a contender again whose process another one took with it', async () => {
    const shared = fake(1, { deadly: 'theirs' })
    const found = await run([1, 2], shared, shared, 30_000)
    expect(found.measures.map(({ contender: { name }, slots }) => [name, slots])).toEqual([['ours', 2]])
    expect(found.leftOut).toMatchObject([
      { contender: 'theirs', slots: 1, why: expect.stringContaining('ended with 9') },
      { contender: 'ours', slots: 1 },
      { contender: 'theirs', slots: 2, why: expect.stringContaining('ended with 9') },
    ])
  })

  it('leaves out who can not be opened, and times the others', async () => {
    const found = await run([1, 2], fake(1), fake(1, { broken: 'theirs' }), 30_000)
    expect(found.measures.map(({ contender: { name } }) => name)).toEqual(['ours', 'ours'])
    expect(found.leftOut.map(({ contender: name, why }) => [name, why])).toEqual([
      ['theirs', 'fake: no such kernel'],
      ['theirs', 'fake: no such kernel'],
    ])
  })
})

describe('an engine', () => {
  it('is opened with the slots that it is timed at, PyTorch once for all', () => {
    const cells = [16, 256].map((slots) => ({ model: 'tapa', slots, contenders: [ours, theirs] }) as const)
    expect(pairsOf({ name: 'only', cells }).map(({ key, slots }) => [key, slots])).toEqual([
      ['tapa|ptrm|ours|16', 16],
      ['tapa|pytorch|theirs', undefined],
      ['tapa|ptrm|ours|256', 256],
    ])
  })
})

describe('a pass', () => {
  it('has as many steps as a run', async () => {
    const long: Contender = { ...contender('long', 'ptrm'), options: { stepsPerRun: 32 } }
    const found = await run([1], fake(0.1), fake(0.1), 30_000, long)
    expect(found.measures.map(({ samples }) => samples[0]!.rolloutSteps)).toEqual([32, 10])
  })
})

describe('planOf', () => {
  it('has every model at every number of slots', () => {
    const stages = planOf('cuda')
    const cells = (name: string) =>
      stages.find((stage) => stage.name === name)!.cells.map((cell) => `${cell.model} ${cell.slots}`)
    expect(cells('main')).toEqual(
      [256, 1024, 64, 4096].flatMap((slots) => [`tapa ${slots}`, `sudoku ${slots}`]),
    )
    const all = new Set(stages.flatMap(({ name }) => cells(name)))
    for (const name of ['tapa', 'sudoku', 'official'])
      for (const slots of [1, 16, 64, 256, 1024, 4096]) expect(all).toContain(`${name} ${slots}`)
  })

  it('gives every contender a name of its own', () => {
    const all = planOf('cuda').flatMap(({ cells }) => cells.flatMap(({ contenders }) => contenders))
    const options = new Map(all.map((one) => [one.name, JSON.stringify([one.side, one.options])]))
    expect(new Set(options.values()).size).toBe(options.size)
  })
})
