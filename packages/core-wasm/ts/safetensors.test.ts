/** The safetensors reader: dtypes widen exactly, and no damaged file gets anything but a `ModelFormatError`. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ModelFormatError } from './errors.ts'
import { readSafetensors, widenToF32 } from './safetensors.ts'

function file(header: unknown, data?: Uint8Array): Uint8Array {
  return fileOf(JSON.stringify(header), data)
}

function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

/** IEEE 754 binary16, by its definition. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24)
}

it.each(['with', 'without'])('widens every f16 to its value, %s halves in JavaScript', (way) => {
  if (way === 'without') vi.stubGlobal('Float16Array', undefined)
  const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
  const wide = widenToF32(new Uint8Array(halves.buffer), 'F16')
  for (const bits of halves)
    if (!Object.is(wide[bits], halfToNumber(bits)))
      expect.fail(`${bits}: ${wide[bits]}, not ${halfToNumber(bits)}`)
  vi.unstubAllGlobals()
})

it.each(['with', 'without'])('widens a piece of a Buffer alone, %s halves in JavaScript', (way) => {
  if (way === 'without') vi.stubGlobal('Float16Array', undefined)
  const piece = Buffer.from([7, 7, 7, 0x00, 0x41]).subarray(3)
  expect([...widenToF32(piece, 'F16')]).toEqual([2.5])
  vi.unstubAllGlobals()
})

describe('readSafetensors', () => {
  it('widens f32, f16 and bf16', () => {
    const header = {
      __metadata__: { ptrm: '{}' },
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      b: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
      c: { dtype: 'BF16', shape: [1, 1], data_offsets: [8, 10] },
    }
    const data = Uint8Array.from([0, 0, 0x20, 0x40, 0x00, 0xc1, 0x01, 0x00, 0x20, 0xc0])
    const { tensors, metadata } = readSafetensors(file(header, data))
    expect([...tensors.get('a')!.data]).toEqual([2.5])
    expect([...tensors.get('b')!.data]).toEqual([-2.5, 2 ** -24])
    expect([...tensors.get('c')!.data]).toEqual([-2.5])
    expect(metadata).toEqual({ ptrm: '{}' })
  })

  it('reads metadata that is no text, as other programs write it, as JSON', () => {
    const metadata = { step: 5000, best: 0.87, ema: true, none: null, config: { H_cycles: 3 }, format: 'pt' }
    expect(readSafetensors(file({ __metadata__: metadata })).metadata).toEqual({
      step: '5000',
      best: '0.87',
      ema: 'true',
      none: 'null',
      config: '{"H_cycles":3}',
      format: 'pt',
    })
    for (const none of [5000, ['a'], 'text', null])
      expect(() => readSafetensors(file({ __metadata__: none }))).toThrow('no map of names to texts')
  })

  it.each([
    ['an empty file', new Uint8Array(), 'truncated'],
    ['a header cut off', file({ a: 1 }).subarray(0, 11), 'truncated'],
    [
      'data cut off',
      file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(4)),
      'truncated',
    ],
    [
      'a size that does not fit its shape',
      file({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, new Uint8Array(8)),
      'malformed',
    ],
    [
      'the same bytes under many names',
      file(
        Object.fromEntries(
          ['a', 'b', 'c'].map((name) => [name, { dtype: 'F32', shape: [1], data_offsets: [0, 4] }]),
        ),
        new Uint8Array(8),
      ),
      'malformed',
    ],
    [
      'bytes of two tensors, beside some of none',
      file(
        {
          a: { dtype: 'F32', shape: [2], data_offsets: [4, 12] },
          none: { dtype: 'F32', shape: [0], data_offsets: [6, 6] },
          b: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
        },
        new Uint8Array(32),
      ),
      'malformed',
    ],
    [
      'a dtype that every object has',
      file({ a: { dtype: 'constructor', shape: [0], data_offsets: [0, 0] } }),
      'unsupported-dtype',
    ],
    [
      'metadata that is nested without end',
      fileOf(`{"__metadata__":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
      'malformed',
    ],
    ['no JSON', Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b]), 'malformed'],
    [
      'an unknown dtype',
      file({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, new Uint8Array(1)),
      'unsupported-dtype',
    ],
  ])('names what is wrong with %s', (_, bytes, code) => {
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ name: 'ModelFormatError', code }))
  })

  it('takes brackets in texts for what they are', () => {
    const metadata = { note: '"[{'.repeat(500), '[[\\': '\\"' }
    expect(readSafetensors(file({ __metadata__: metadata })).metadata).toEqual(metadata)
  })

  it('never throws anything else, whatever the bytes', () => {
    const good = file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(8))
    const damaged = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(damaged, (edits) => {
        const bytes = good.slice()
        for (const [at, value] of edits) bytes[at] = value
        try {
          readSafetensors(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFormatError)
        }
      }),
      { seed: 2, numRuns: 2000 },
    )
  })
})
