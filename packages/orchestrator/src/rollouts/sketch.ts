/**
 * A latent made small enough to travel after every step: a fixed random projection that keeps distances about as they
 * are (the count sketch of Charikar, Chen and Farach-Colton 2002), so that a PCA of sketches looks as one of latents.
 */

/** Which entry of the sketch each entry of a latent is added to, and with which sign. By length and dimensions. */
const plans = new Map<string, { readonly bucket: Uint16Array; readonly sign: Int8Array }>()

/** Shape [any] to shape [dimensions]; linear, and the same for the same shapes everywhere. */
export function sketchOf(latent: Float32Array, dimensions: number): Float32Array {
  const { bucket, sign } = planOf(latent.length, dimensions)
  const sketch = new Float32Array(dimensions)
  for (let i = 0; i < latent.length; i++) sketch[bucket[i]!]! += sign[i]! * latent[i]!
  return sketch
}

function planOf(length: number, dimensions: number) {
  const key = `${length}:${dimensions}`
  let plan = plans.get(key)
  if (!plan) {
    const hashes = Array.from({ length }, (_, i) => mix(i))
    plan = {
      bucket: Uint16Array.from(hashes, (hash) => (hash >>> 1) % dimensions),
      sign: Int8Array.from(hashes, (hash) => (hash & 1 ? 1 : -1)),
    }
    plans.set(key, plan)
  }
  return plan
}

/** MurmurHash3's finalizer: 32 well mixed bits of an index. */
function mix(index: number): number {
  let hash = index + 0x9e3779b9
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
