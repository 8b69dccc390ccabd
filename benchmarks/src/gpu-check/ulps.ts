/** How far floats are apart, counted in floats between them. */

/** Of each pair; NaN where one of them is NaN. Throws `RangeError` where the lengths differ. */
export function ulpsBetween(found: Float32Array, wanted: Float32Array): number[] {
  if (found.length !== wanted.length)
    throw new RangeError(`found ${found.length} values, wanted ${wanted.length}`)
  const [a, b] = [ordinals(found), ordinals(wanted)]
  return Array.from(wanted, (value, i) =>
    Number.isNaN(value + found[i]!) ? Number.NaN : Math.abs(a[i]! - b[i]!),
  )
}

/** Neighbouring floats have neighbouring ordinals; both zeros have 0. */
function ordinals(values: Float32Array): number[] {
  const bits = new Int32Array(values.slice().buffer)
  return Array.from(bits, (each) => (each < 0 ? -(each & 0x7fff_ffff) : each))
}
