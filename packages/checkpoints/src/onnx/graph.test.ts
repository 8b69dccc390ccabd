/** The made encoders write what protobufjs writes from the schema itself, and it reads back what was built. */
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { expect, it } from 'vitest'
import { encodeModel, Graph } from './graph.ts'

const root = protobuf.loadSync(fileURLToPath(new URL('./onnx.proto', import.meta.url)))
const ModelProto = root.lookupType('onnx.ModelProto')

it('writes what the schema says, for every kind of field that the builder uses', () => {
  const graph = new Graph('outer')
  const x = graph.input('x', ['batch', 3])
  const weights = graph.constant('w', { shape: [2], data: Float32Array.of(1, -2) }, 'float16')
  const body = graph.body('inner')
  body.input('i', [], 'int64')
  body.output(body.value('Cast', [weights], { to: 1 }), ['batch'], 'float32')
  const norm = 'com.microsoft.SkipSimplifiedLayerNormalization'
  graph.node(norm, [x, x, weights], ['n'], { epsilon: { float: 0.5 } })
  graph.node('Loop', [graph.scalar(7), graph.scalar(true), x], ['y'], { body, axes: [0, -1] })
  graph.output('y', ['batch', 3], 'uint8')
  const bytes = encodeModel(graph, 18, { key: 'value' })
  const read = ModelProto.decode(bytes)
  expect(Buffer.compare(ModelProto.encode(read).finish(), bytes)).toBe(0)
  const plain = ModelProto.toObject(read, { longs: Number, bytes: Array })
  expect(plain).toMatchObject({
    irVersion: 9,
    opsetImport: [{ version: 18 }, { domain: 'com.microsoft', version: 1 }],
    metadataProps: [{ key: 'key', value: 'value' }],
    graph: {
      name: 'outer',
      node: [
        {
          opType: 'SkipSimplifiedLayerNormalization',
          domain: 'com.microsoft',
          attribute: [{ name: 'epsilon', type: 1, f: 0.5 }],
        },
        {
          opType: 'Loop',
          input: ['scalar_7', 'is_true', 'x'],
          output: ['y'],
          attribute: [
            { name: 'body', type: 5, g: { name: 'inner', node: [{ opType: 'Cast' }] } },
            { name: 'axes', type: 7, ints: [0, -1] },
          ],
        },
      ],
      input: [
        {
          name: 'x',
          type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'batch' }, { dimValue: 3 }] } } },
        },
      ],
      output: [{ name: 'y', type: { tensorType: { elemType: 2 } } }],
    },
  })
  const stored = plain['graph'].initializer.find(({ name }: { name: string }) => name === 'w')
  expect(stored).toMatchObject({ dataType: 10, dims: [2], rawData: [0x00, 0x3c, 0x00, 0xc0] })
})

it('refuses more constants than a file can hold', () => {
  const graph = new Graph('large')
  // A GiB of zeros that is never touched; each name counts.
  const half = { shape: [2 ** 28], data: new Float32Array(2 ** 28) }
  graph.constant('a', half)
  graph.constant('a', half)
  expect(() => graph.body('inner').constant('b', half)).toThrow('2147483648 bytes of constants')
})
