/** The registry's order and names, and that an engine which is in no list of ours is used like those that are. */
import { readModel, writtenOut } from '@ptrm/core-wasm'
import { describe, expect, it } from 'vitest'
import { engine as scalar } from '../../test/scalar-engine.ts'
import { autoBackend, createSolver, loadModelBytes } from '../node.ts'
import { autoRule } from './auto.ts'
import { diagnose } from './diagnose.ts'
import { backends, backendsOf, engineNamed, engines, inOrder } from './registry.ts'
import type { EngineSpec } from './spec.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const three = inOrder([...engines, scalar])
const model = writtenOut(readModel(await loadModelBytes('sudoku')))

describe('the registry', () => {
  it('goes from the slowest engine to the fastest, and one of them runs everywhere', () => {
    const known = ['wasm', 'onnx-cpu', 'onnx-cuda']
    expect(engines.map(({ name }) => name).filter((name) => known.includes(name))).toEqual(known)
    expect(engines.filter(({ everywhere }) => everywhere)).toHaveLength(1)
    expect(new Set(engines.map(({ name }) => name)).size).toBe(engines.length)
    for (const name of ['auto', 'onnx', ...known]) expect(backends).toContain(name)
  })

  it.each(engines)('says in words what $name is and needs', ({ title, needs, variants }) => {
    for (const words of [title, needs]) expect(words.trim()).not.toBe('')
    expect(variants.length).toBeGreaterThan(0)
  })

  it('names the engines that there are', () => {
    expect(() => engineNamed('cuda')).toThrow(
      /'cuda' is not available: there are .*wasm.*onnx-cpu.*onnx-cuda/,
    )
  })
})

describe('a third engine', () => {
  it('is opened by name, in worker threads, and runs the same rollouts', async () => {
    const plan = { rollouts: 2, steps: 2, seed: 4, stop: 'all' } as const
    const answers = []
    for (const options of [{ backend: 'scalar', engines: three }, { backend: 'wasm' }]) {
      const solver = await createSolver({ ...options, workers: 1 })
      expect(solver.backend).toBe(options.backend)
      const { candidates } = await solver.solve(EASY, plan)
      answers.push(candidates.map(({ tokens }) => tokens))
      await solver.close()
    }
    expect(answers[0]).toEqual(answers[1])
  })

  it('is taken by auto as its cost says, and listed beside the others', () => {
    const some = [...engines.filter(({ family }) => ['wasm', 'onnx'].includes(family)), scalar]
    expect(backendsOf(inOrder(some))).toEqual(['auto', 'wasm', 'scalar', 'onnx', 'onnx-cpu', 'onnx-cuda'])
    const without = three.map(
      (spec): EngineSpec =>
        spec.everywhere || spec === scalar ? spec : { ...spec, missing: () => 'not here' },
    )
    expect(autoBackend(model, { puzzles: 100_000 }, without)).toMatchObject({
      backend: 'scalar',
      why: expect.stringMatching(/^the scalar path saves about/),
    })
    const rule = autoRule({ flopsPerStep: 1e9, isTied: false, cores: 1 }, inOrder(some))
    expect(rule.map(({ backend }) => backend)).toEqual(['onnx-cuda', 'onnx-cpu', 'scalar', 'wasm'])
  })

  it('is tried by the doctor, with its remedy where it does not load', async () => {
    expect((await diagnose(model, [scalar])).engines).toMatchObject([
      { backend: 'scalar', detail: 'for tests', loads: true },
    ])
    const { engines, remedies } = await diagnose(model, [{ ...scalar, missing: () => 'no patience' }])
    expect(engines).toMatchObject([{ loads: false, reason: 'no patience' }])
    expect(remedies).toEqual([{ backend: 'scalar', for: 'the scalar path', steps: ['wait'] }])
  })

  it('that does not load is passed over by auto, and named where it was asked for', async () => {
    const broken: EngineSpec = { ...scalar, module: new URL('./no-such.ts', import.meta.url).href }
    const absent: EngineSpec = { ...scalar, missing: () => 'no patience' }
    const options = { model: 'sudoku', engines: inOrder([...engines.slice(0, 1), absent]) }
    const solver = await createSolver({ ...options, expected: { puzzles: 100_000 } })
    expect(solver.backend).toBe('wasm')
    await solver.close()
    await expect(createSolver({ ...options, backend: 'scalar' })).rejects.toMatchObject({
      name: 'BackendUnavailableError',
      backend: 'scalar',
      reason: 'no patience; it needs patience',
    })
    await expect(createSolver({ backend: 'scalar', engines: [broken] })).rejects.toThrow('no-such.ts')
  })
})
