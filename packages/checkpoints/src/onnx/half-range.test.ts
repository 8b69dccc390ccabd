/** In half precision nothing exceeds f16 on the way, on any bundled model: a GPU would go on with infinity, the CPU provider hides it. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fixedLength, initialLatent, type Model, readModel, rowsOf, sizedModel } from '@ptrm/core-wasm'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import protobuf from 'protobufjs'
import { expect, it } from 'vitest'
import { exportOnnx } from './export.ts'
import { TYPES } from './graph.ts'

const ModelProto = protobuf
  .loadSync(fileURLToPath(new URL('./onnx.proto', import.meta.url)))
  .lookupType('onnx.ModelProto')
const weights = new URL('../../../models/weights/', import.meta.url)
const STEPS = 3
const BATCH = 2
const MOST = 65_504

/** As protobufjs reads it. */
interface Proto {
  readonly graph: {
    readonly initializer: { readonly name: string; readonly dataType: number }[]
    readonly node: {
      readonly opType: string
      readonly input: string[]
      readonly output: string[]
      readonly attribute: { readonly i: number }[]
    }[]
    readonly output: object[]
  }
}

/** The graph of a step with all of its values in f16 as outputs, and their names. */
function withHalves(model: Model): { graph: Uint8Array; names: string[] } {
  const proto = ModelProto.decode(
    exportOnnx(model, { noise: 'none', fp16: true, cuda: true }),
  ) as unknown as Proto
  const { initializer, node, output } = proto.graph
  const constants = initializer.filter(({ dataType }) => dataType === TYPES.float16)
  const halves = new Set(constants.map(({ name }) => name))
  const names: string[] = []
  for (const { opType, input, output: values, attribute } of node) {
    const isHalf =
      opType === 'Cast' ? Number(attribute[0]!.i) === TYPES.float16 : input.some((value) => halves.has(value))
    if (!isHalf) continue
    names.push(...values)
    for (const value of values) halves.add(value)
  }
  for (const name of names) output.push({ name, type: { tensorType: { elemType: TYPES.float16 } } })
  return { graph: ModelProto.encode(proto).finish(), names }
}

function modelOf(name: string): Model {
  const folder = new URL(`${name}/`, weights)
  const file = readdirSync(folder).find((each) => each.endsWith('.safetensors'))!
  return sizedModel(readModel(readFileSync(new URL(file, folder))))
}

it.each(readdirSync(weights))('%s', async (name) => {
  const model = modelOf(name)
  const { config } = model
  const { graph, names } = withHalves(model)
  const session = await InferenceSession.create(graph, { logSeverityLevel: 3, intraOpNumThreads: 1 })
  const tokens = Array.from({ length: BATCH * fixedLength(config) }, (_, i) =>
    BigInt((7 * i + (i >> 3)) % config.vocabSize),
  )
  const initial = (of: 'H_init' | 'L_init') => {
    const one = [...initialLatent(model, of)]
    return new Tensor('float32', [...one, ...one], [BATCH, rowsOf(config), config.hiddenSize])
  }
  let z: Record<string, Tensor> = { z_H: initial('H_init'), z_L: initial('L_init') }
  for (let step = 0; step < STEPS; step++) {
    const outputs = await session.run({
      tokens: new Tensor('int64', tokens, [BATCH, fixedLength(config)]),
      ...z,
    })
    for (const value of names) {
      const most = (outputs[value]!.data as unknown as number[]).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      // A factor of eight to spare, for boards that are not among these.
      expect(most, `${value} in step ${step}`).toBeLessThan(MOST / 8)
    }
    z = { z_H: outputs['z_H_out']!, z_L: outputs['z_L_out']! }
  }
  expect(names.length).toBeGreaterThan(0)
  await session.release()
})
