/** Files made to harm: pickles that call, archives that explode, numbers that lie. Each ends in a named error, soon. */
import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../test/cpu-time.ts'
import { int, pickle, stateDict, text, torchArchive, zip } from '../../test/torch-file.ts'
import { flatten } from './entries.ts'
import { CheckpointError } from './errors.ts'
import { readCheckpoint } from './import.ts'
import { type PickleHost, type PickleValue, readPickle } from './pickle.ts'
import { readTorch } from './torch.ts'
import { listZip } from './zip.ts'

const NO_GLOBALS: PickleHost = { globals: new Map(), persistent: () => null }

function parse(...parts: readonly string[]): PickleValue {
  return readPickle(pickle(...parts), NO_GLOBALS)
}

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof CheckpointError) return error.code
    throw error
  }
  return 'read'
}

/** Of torch's names on the list, none that can be called does anything but build a plain value. */
function torch(...parts: readonly string[]): PickleValue {
  return readTorch(torchArchive(pickle(...parts)))
}

describe('pickles', () => {
  it('reads plain values of every opcode that torch writes', () => {
    const long = (...bytes: number[]) => `\x8a${String.fromCharCode(bytes.length, ...bytes)}`
    expect(parse('N')).toBe(null)
    expect(parse('(', '\x88', '\x89', 'K\x07', 'M\x01\x02', int(-5), 't')).toEqual([true, false, 7, 513, -5])
    expect(parse(long(0xff))).toBe(-1)
    expect(parse(long(0, 0, 0, 0, 0, 0, 0, 0, 1))).toBe(1n << 64n)
    expect(parse('G?\xf0\0\0\0\0\0\0')).toBe(1)
    expect(parse('}', text('a'), int(1), 's', '(', text('b'), int(2), 'u')).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    )
    expect(parse(']', 'K\x01', 'a', '(', 'K\x02', 'K\x03', 'e')).toEqual([1, 2, 3])
    expect(parse('K\x01', 'K\x02', '\x86', 'q\x05', '0', 'h\x05')).toEqual([1, 2])
    expect(parse('B\x02\0\0\0ab')).toEqual(Uint8Array.of(97, 98))
  })

  it.each([
    ['os.system', 'cos\nsystem\n', text('id'), '\x85', 'R'],
    ['builtins.eval', 'cbuiltins\neval\n', text('1'), '\x85', 'R'],
    ['a global built on the stack', text('os'), text('system'), '\x93'],
    ['torch.load', 'ctorch\nload\n', text('x'), '\x85', 'R'],
    ['a dotted name through an allowed module', 'ctorch\n_utils.os.system\n'],
    ['__builtin__.getattr', 'c__builtin__\ngetattr\n'],
    ['a class that may be named, called', 'ctorch\nFloatStorage\n', ')', 'R'],
    ['a dtype, called', 'ctorch\nfloat32\n', ')', '\x81'],
    ['a string, called', text('x'), ')', 'R'],
    ['a name of JavaScript’s', 'cconstructor\nconstructor\n'],
    ['__proto__', 'c__proto__\ntoString\n'],
  ])('calls nothing: %s', (_, ...parts) => {
    expect(codeOf(() => torch(...parts))).toBe('unsafe')
  })

  it.each([
    ['INST', '(ios\nsystem\n'],
    ['OBJ', '(', 'o'],
    ['NEWOBJ_EX', ')', ')', '}', '\x92'],
    ['EXT1', '\x82\x01'],
    ['PERSID', 'Pa\n'],
    ['NEXT_BUFFER', '\x97'],
  ])('does not know the opcode %s', (_, ...parts) => {
    expect(codeOf(() => torch(...parts))).toBe('malformed')
  })

  it.each([
    ['an empty stack', '0'],
    ['a mark never set', 't'],
    ['a memo never written', 'h\x01'],
    ['a key without a value', '}', '(', 'N', 'u'],
    ['items for a number', 'K\x01', 'N', 'a'],
    ['a state for a number', 'K\x01', 'N', 'b'],
    ['text far longer than the file', 'X\xff\xff\xff\x7f'],
    ['a line without an end', 'cos'],
  ])('%s', (_, ...parts) => {
    expect(['malformed', 'truncated']).toContain(codeOf(() => parse(...parts)))
  })

  it('keys mean nothing to JavaScript', () => {
    const root = parse('}', text('__proto__'), '}', text('polluted'), '\x88', 's', 's')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(root).toBeInstanceOf(Map)
  })

  it('bounds nesting, and dicts that hold themselves or each other', () => {
    expect(codeOf(() => parse('('.repeat(5_000)))).toBe('malformed')
    const itself = parse('}', 'q\0', text('a'), 'h\0', 's')
    expect(codeOf(() => flatten(itself))).toBe('too-large')
    // Each of ten dicts holds the next sixteen times: 16^10 paths.
    const layers = Array.from({ length: 10 }, (_, i) => {
      const keys = Array.from({ length: 16 }, (_, k) => [text(String(k)), i === 0 ? 'N' : `h${char(i - 1)}`])
      return ['}', '(', ...keys.flat(), 'u', `q${char(i)}`].join('')
    })
    const started = cpuMs()
    expect(codeOf(() => flatten(parse(...layers)))).toBe('too-large')
    expect(cpuMs() - started).toBeLessThan(5_000)
  })

  it('refuses a protocol that it does not know, and a pickle of more than 32 MiB', () => {
    expect(codeOf(() => readPickle(Uint8Array.of(0x80, 9, 0x2e), NO_GLOBALS))).toBe('malformed')
    expect(codeOf(() => readPickle(new Uint8Array(33 << 20), NO_GLOBALS))).toBe('too-large')
  })
})

describe('tensors whose numbers lie', () => {
  const tensor = (shape: number[], stride: number[], offset = 0, count = 4, metadata = '') => {
    const tuple = (values: number[]) => `(${values.map(int).join('')}t`
    const id = ['(', text('storage'), 'ctorch\nFloatStorage\n', text('0'), text('cpu'), int(count), 't', 'Q']
    const args = ['(', ...id, int(offset), tuple(shape), tuple(stride), '\x89', 'N', metadata, 't']
    return codeOf(() => torch('ctorch._utils\n_rebuild_tensor_v2\n', ...args, 'R'))
  }

  it('takes one that fits', () => expect(tensor([2, 2], [2, 1])).toBe('read'))
  it.each([
    ['more elements than the storage', [8], [1]],
    ['a stride out of the storage', [2, 2], [9, 1]],
    ['a stride of zero', [100, 100], [0, 0]],
    ['a negative stride', [2], [-1]],
    ['sizes whose product overflows', [2 ** 30, 2 ** 30, 2 ** 30], [0, 0, 0]],
    ['a size and stride that disagree', [2, 2], [1]],
    ['nine axes', Array(9).fill(1), Array(9).fill(1)],
  ])('refuses %s', (_, shape, stride) => {
    expect(tensor(shape, stride)).toBe('malformed')
  })
  it('refuses one that torch negates where it reads it, and no other that has metadata', () => {
    const told = (metadata: string) => tensor([2, 2], [2, 1], 0, 4, metadata)
    expect(told(`}${text('neg')}\x88s`)).toBe('unsupported')
    expect(told(int(1))).toBe('unsupported')
    for (const none of ['}', 'N']) expect(told(none)).toBe('read')
  })
  it('refuses an offset past the end', () => expect(tensor([2], [1], 3)).toBe('malformed'))
})

describe('archives', () => {
  const entry = (name: string, extra: object = {}) => ({ name, bytes: new Uint8Array(4), ...extra })

  it.each(['../evil', 'a/../../evil', '/etc/passwd', 'C:\\evil', '\\\\host\\share', 'a\0b', ''])(
    'has no use for the path %j',
    (name) => {
      expect(codeOf(() => listZip(zip([entry(name)])))).toBe('unsafe')
    },
  )

  it('unpacks nothing, so a bomb is an entry of its own size', () => {
    const bomb = zip([
      { name: 'archive/data.pkl', bytes: new Uint8Array(1_000), method: 8, size: 4_000_000_000 },
    ])
    expect(codeOf(() => readCheckpoint(bomb))).toBe('unsupported')
  })

  it('counts overlapping entries once', () => {
    const parts = Array.from({ length: 50 }, (_, i) => entry(`archive/data/${i}`))
    const file = zip(parts).slice()
    // Every directory entry points at the first: fifty names for the same bytes.
    const view = new DataView(file.buffer)
    const huge = file.length
    for (let at = 0; at + 4 <= file.length; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue
      view.setUint32(at + 20, huge / 2, true)
      view.setUint32(at + 24, huge / 2, true)
      view.setUint32(at + 42, 0, true)
    }
    expect(codeOf(() => listZip(file))).toBe('malformed')
  })

  it.each([
    ['two entries of one name', [entry('a'), entry('a')]],
    ['a stored entry of two sizes', [entry('a', { size: 5 })]],
  ])('%s', (_, parts) => {
    expect(codeOf(() => listZip(zip(parts)))).toBe('malformed')
  })

  it('a directory that says it is elsewhere, larger, or of another disk', () => {
    const change = (offset: number, value: number, width: 2 | 4) => {
      const file = zip([entry('archive/data.pkl')]).slice()
      const view = new DataView(file.buffer)
      const at = file.length - 22 + offset
      if (width === 2) view.setUint16(at, value, true)
      else view.setUint32(at, value, true)
      return codeOf(() => listZip(file))
    }
    expect(change(16, 9_999, 4)).toBe('malformed')
    expect(change(12, 9_999, 4)).toBe('malformed')
    expect(change(10, 7, 2)).toBe('unsupported')
    expect(change(4, 1, 2)).toBe('unsupported')
    expect(change(16, 0xffffffff, 4)).toBe('unsupported')
    expect(change(8, 1, 2)).toBe('read')
  })

  it('reads an archive that has a comment', () => {
    const file = zip([entry('archive/data.pkl')])
    const commented = new Uint8Array([...file, 1, 2, 3])
    new DataView(commented.buffer).setUint16(file.length - 2, 3, true)
    expect(listZip(commented).size).toBe(1)
  })

  it('takes a state dict of nothing for no model', () => {
    expect(codeOf(() => readCheckpoint(torchArchive(stateDict([]))))).toBe('no-model')
  })
})

function char(code: number): string {
  return String.fromCharCode(code)
}
