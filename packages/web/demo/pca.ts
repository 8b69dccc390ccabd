/** The two directions in which latents differ most, found anew as latents come in, without flipping over. */
import { PCA } from 'ml-pca'

export type Point = readonly [x: number, y: number]

export class Projection {
  #axes: readonly [number[], number[]] | undefined
  #mean: readonly number[] = []
  /** Latents that were projected since the last fit. */
  #points = new WeakMap<Float32Array, Point>()

  /** Learns from latents of one length; keeps each axis's sense, so that the picture does not mirror itself. */
  fit(latents: readonly Float32Array[]): void {
    if (latents.length < 3) return
    const pca = new PCA(
      latents.map((latent) => [...latent]),
      { method: 'covarianceMatrix', scale: false },
    )
    const loadings = pca.getEigenvectors().transpose()
    const axes = [loadings.getRow(0), loadings.getRow(1)] as const
    this.#axes = axes.map((axis, i) => sameSense(axis, this.#axes?.[i])) as [number[], number[]]
    const dimensions = latents[0]!.length
    const mean = new Array<number>(dimensions).fill(0)
    for (const latent of latents) for (let d = 0; d < dimensions; d++) mean[d]! += latent[d]! / latents.length
    this.#mean = mean
    this.#points = new WeakMap()
  }

  /** Undefined before the first fit. */
  project(latent: Float32Array): Point | undefined {
    const axes = this.#axes
    if (!axes) return undefined
    const known = this.#points.get(latent)
    if (known) return known
    const along = (axis: readonly number[]) => {
      // A loop, as thousands of latents are projected for one picture.
      let sum = 0
      for (let d = 0; d < axis.length; d++) sum += axis[d]! * (latent[d]! - this.#mean[d]!)
      return sum
    }
    const point = [along(axes[0]), along(axes[1])] as const
    this.#points.set(latent, point)
    return point
  }
}

function sameSense(axis: number[], before: readonly number[] | undefined): number[] {
  const agreement = axis.reduce((sum, value, d) => sum + value * (before?.[d] ?? 0), 0)
  return agreement < 0 ? axis.map((value) => -value) : axis
}
