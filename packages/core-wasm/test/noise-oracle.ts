/** The kernel's noise in readable arithmetic, BigInt and rounded f32, for tests: docs/decisions/0023-noise.md line by line. */
import type { Latent, NoiseDraw } from '../ts/config.ts'

const f = Math.fround
const u64 = (value: bigint) => BigInt.asUintN(64, value)
const swapped = (x: bigint) => u64((x << 32n) | (x >> 32n))

const HASH_KEY = 0x548c9decbce65297n

/** Squares (Widynski 2020): four rounds, 32 bits. */
export function squares32(counter: bigint, key: bigint): number {
  const y = u64(counter * key)
  const z = u64(y + key)
  let x = y
  for (const add of [y, z, y]) x = swapped(u64(x * x + add))
  return Number(u64(x * x + z) >> 32n)
}

/** Five rounds, 64 bits. */
export function squares64(counter: bigint, key: bigint): bigint {
  const y = u64(counter * key)
  const z = u64(y + key)
  let x = y
  for (const add of [y, z, y]) x = swapped(u64(x * x + add))
  const fourth = u64(x * x + z)
  x = swapped(fourth)
  return fourth ^ (u64(x * x + y) >> 32n)
}

/** A key from its 16 hexadecimal digits, the lowest first: digits not used in the same half, by a hash. */
export function keyOf({ seed, rollout, step, target }: Omit<NoiseDraw, 'sigma'>): bigint {
  const words = [seed, (BigInt(rollout) << 32n) | BigInt(step), numberOf(target)]
  const hash = words.reduce((before, word) => squares64(u64(before + word), HASH_KEY), 0n)
  const digits: number[] = []
  for (let place = 0; place < 16; place++) {
    const taken = place === 8 ? [digits[7]] : digits.slice(place < 8 ? 0 : 8)
    const free = Array.from({ length: 15 }, (_, i) => i + 1).filter(
      (digit) => !taken.includes(digit) && (place > 0 || digit % 2 === 1),
    )
    const random = squares32(u64(hash + BigInt(place)), HASH_KEY)
    digits.push(free[Math.floor((random * free.length) / 2 ** 32)]!)
  }
  return BigInt(
    `0x${digits
      .toReversed()
      .map((digit) => digit.toString(16))
      .join('')}`,
  )
}

function numberOf(target: Latent): bigint {
  return target === 'zL' ? 0n : 1n
}

const LOG = [
  -2, 0.9999998, -0.66667897, 0.5000357, -0.39924312, 0.33140096, -0.2983364, 0.28619328, -0.17480017,
].map(f)
const SINE = [6.2831855, -41.341763, 81.60823, -76.71625, 40.77501].map(f)
const [add, times] = [(a: number, b: number) => f(a + b), (a: number, b: number) => f(a * b)]
const line = (a: number, b: number, x: number) => add(a, times(b, x))

function logPolynomial(x: number): number {
  const [c0, c1, c2, c3, c4, c5, c6, c7, c8] = LOG as [number, ...number[]]
  const x2 = times(x, x)
  const x4 = times(x2, x2)
  const low = add(line(c0!, c1!, x), times(line(c2!, c3!, x), x2))
  const high = add(line(c4!, c5!, x), times(line(c6!, c7!, x), x2))
  return add(low, times(add(high, times(c8!, x4)), x4))
}

function radius(word: number): number {
  const u = times(add(f(word >>> 1), 0.5), 2 ** -31)
  let [m, e] = [u, 0]
  while (m < f(Math.SQRT1_2)) [m, e] = [2 * m, e - 1]
  const x = add(m, -1)
  return f(Math.sqrt(add(times(e, f(-2 * Math.LN2)), times(x, logPolynomial(x)))))
}

function sine(v: number): number {
  const [c0, c1, c2, c3, c4] = SINE as [number, ...number[]]
  const x = times(v, v)
  const x2 = times(x, x)
  return times(v, add(line(c0!, c1!, x), times(add(line(c2!, c3!, x), times(c4!, x2)), x2)))
}

/** Element `e` of a key's noise. */
export function element(e: number, key: bigint, sigma: number): number {
  const first = e - (e % 8) + (e % 4)
  const radiusWord = squares32(BigInt(first), key)
  const v = times(f(squares32(BigInt(first + 4), key) | 0), 2 ** -33)
  const sign = radiusWord % 2 === 1 ? -1 : 1
  const shape = e % 8 < 4 ? sine(v) : sign * sine(add(0.25, -Math.abs(v)))
  return times(f(sigma), times(radius(radiusWord), shape))
}
