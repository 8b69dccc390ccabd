/** What every engine must hold, run over all of them. */
import { describe, expect, it } from 'vitest'
import { engineCases } from '../../test/engine-cases.ts'
import { engine as scalar } from '../../test/scalar-engine.ts'
import { availableEngines } from './available.ts'
import { inOrder, engines as registered } from './registry.ts'

const specs = inOrder([...registered, scalar])
const { engines, missing } = await availableEngines(specs)

it('finds every engine that is installed here, and one that is in no list', () => {
  expect(missing).toEqual([])
  const names = engines.map(({ name }) => name)
  const known = ['wasm simd128', 'wasm relaxed', 'scalar', 'onnx cpu', 'onnx cpu, 4 steps a run']
  expect(names).toEqual(expect.arrayContaining(known))
  const installed = specs.filter((spec) => spec.missing() === undefined)
  expect(names).toEqual(installed.flatMap(({ variants }) => variants.map(({ name }) => name)))
})

describe.each(engines)('engine $name', ({ make, spec }) => {
  it.each(engineCases)('$name', ({ holds }) => holds(make, spec))
})
