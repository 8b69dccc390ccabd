/** Changes to bytes, as fuzzers make them: small damage, sizes that are no sizes, pieces of other inputs, words of the format. */

/** A number from 0 to `below - 1`. */
export type Random = (below: number) => number

/** Seeded: the same numbers on every machine. */
export function randomOf(seed: number): Random {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Where a size or a count is expected. */
const NUMBERS = [
  ...['0', '1', '-1', '00', '0.5', '-0', '9', '10', '17', '255', '256', '65536', '2147483647', '4294967296'],
  ...['9007199254740993', '18446744073709551616', '1e9', '1e308', '1e999', 'NaN', 'null', '""', '[]', '{}'],
]
const BYTES = [0, 1, 9, 10, 13, 0x20, 0x22, 0x2f, 0x5c, 0x7f, 0x80, 0xc3, 0xfe, 0xff]
const WORDS = [0, 1, 2, 3, 0x7fff, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

export interface Sources {
  /** Inputs that pieces are taken from. */
  readonly corpus: readonly Uint8Array[]
  /** Words of the format. */
  readonly words: readonly string[]
  /** Longest input. */
  readonly most: number
}

type Change = (input: Uint8Array, random: Random, sources: Sources) => Uint8Array

/** At most `most` bytes from `at` on, replaced. */
function splice(input: Uint8Array, at: number, most: number, by: Uint8Array): Uint8Array {
  const length = Math.min(most, input.length - at)
  const out = new Uint8Array(input.length - length + by.length)
  out.set(input.subarray(0, at))
  out.set(by, at)
  out.set(input.subarray(at + length), at + by.length)
  return out
}

const utf8 = new TextEncoder()
/** A character a byte; TextDecoder's latin1 is another. */
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const nothing = new Uint8Array()
const pick = <T>(list: readonly T[], random: Random): T => list[random(list.length)]!
/** A place, and a length from there that is short more often than long. */
function stretch(input: Uint8Array, random: Random): [number, number] {
  const at = random(input.length)
  return [at, Math.min(input.length - at, 1 + random(1 << random(8)))]
}

const CHANGES: readonly Change[] = [
  (input, random) => input.with(random(input.length), pick(BYTES, random)),
  (input, random) => input.with(random(input.length), random(256)),
  (input, random) => {
    const at = random(input.length)
    return input.with(at, input[at]! ^ (1 << random(8)))
  },
  (input, random) => {
    const at = random(input.length)
    return input.with(at, input[at]! + random(3) - 1)
  },
  // Without a stretch, twice with it, or another one in its place.
  (input, random) => splice(input, ...stretch(input, random), nothing),
  (input, random) => {
    const [at, length] = stretch(input, random)
    return splice(input, at, 0, input.slice(at, at + length))
  },
  (input, random) => {
    const [from, length] = stretch(input, random)
    return splice(input, random(input.length), random(2) * length, input.slice(from, from + length))
  },
  (input, random) => input.slice(0, random(input.length)),
  // A byte many times.
  (input, random) =>
    splice(
      input,
      random(input.length),
      0,
      new Uint8Array(1 << random(10)).fill(pick([...input.subarray(0, 64)], random)),
    ),
  (input, random, { corpus }) => {
    const other = pick(corpus, random)
    if (other.length === 0) return input
    const [from, length] = [random(other.length), 1 + random(other.length)]
    return splice(input, random(input.length), random(2) * length, other.slice(from, from + length))
  },
  (input, random, { words }) => {
    const word = utf8.encode(pick(words, random))
    return splice(input, random(input.length), random(2) * word.length, word)
  },
  // A number of the text.
  (input, random) => {
    const numbers = [...latin1(input).matchAll(/-?\d+(\.\d+)?/g)]
    if (numbers.length === 0) return input
    const { 0: found, index } = pick(numbers, random)
    return splice(input, index, found.length, utf8.encode(pick(NUMBERS, random)))
  },
  // A number of a binary format.
  (input, random) => {
    const size = pick([2, 4, 8], random)
    if (input.length < size) return input
    const out = input.slice()
    const view = new DataView(out.buffer)
    const [at, value] = [random(input.length - size + 1), pick(WORDS, random)]
    if (size === 2) view.setUint16(at, value, true)
    else if (size === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    return out
  },
  // Lines in another order.
  (input, random) => {
    const lines = latin1(input).split('\n')
    const [line] = lines.splice(random(lines.length), 1)
    lines.splice(random(lines.length + 1), 0, line!, ...(random(3) === 0 ? [line!] : []))
    return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'))
  },
]

/** An input with one to eight changes. */
export function mutate(input: Uint8Array, random: Random, sources: Sources): Uint8Array {
  let out = input
  for (let changes = 1 << random(4); changes > 0; changes--) {
    if (out.length === 0) out = Uint8Array.of(random(256))
    out = pick(CHANGES, random)(out, random, sources)
  }
  return out.length > sources.most ? out.slice(0, sources.most) : out
}
