import { expect, it } from 'vitest'
import { Projection } from './pca.ts'

/** Points along a long and a short direction of a 5-dimensional space, shifted away from its origin. */
function cloud(count: number): Float32Array[] {
  return Array.from({ length: count }, (_, i) => {
    const [long, short] = [Math.sin(i) * 10, Math.cos(i * 1.7)]
    return Float32Array.from([7 + long * 0.6, 3 + long * 0.8, short, 2, -1])
  })
}

it('finds the directions of most and second most spread, about the mean', () => {
  const projection = new Projection()
  const latents = cloud(200)
  projection.fit(latents)
  const [x, y] = projection.project(Float32Array.from([7 + 6, 3 + 8, 0, 2, -1]))!
  const origin = projection.project(Float32Array.from([7, 3, 0, 2, -1]))!
  expect(Math.abs(x - origin[0])).toBeCloseTo(10, 1)
  expect(Math.abs(y - origin[1])).toBeLessThan(0.5)
})

it('does not turn over as more latents come', () => {
  const projection = new Projection()
  const probe = Float32Array.from([17, 11, 1, 2, -1])
  const senses = new Set<number>()
  for (let count = 20; count <= 200; count += 5) {
    projection.fit(cloud(count))
    senses.add(Math.sign(projection.project(probe)![0]))
  }
  expect(senses.size).toBe(1)
})

it('says nothing before it has seen three', () => {
  const projection = new Projection()
  projection.fit(cloud(2))
  expect(projection.project(cloud(1)[0]!)).toBeUndefined()
})
