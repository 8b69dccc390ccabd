/** The scatter of latents: each rollout's way through the plane of the first two principal components. */
import { fit, widthFor } from './canvas.ts'
import { type Palette, qColour } from './colours.ts'
import { type Point, Projection } from './pca.ts'
import { qOf, type Rollout, type Rollouts, SKETCH } from './rollouts.ts'

const HEIGHT = 260
const MARGIN = 16
/** Finding the directions costs more than drawing: done anew when there are so many times the latents of the last time. */
const FIT_GROWTH = 1.6
/** So many latents are enough to find directions by. */
const FIT_MOST = 120
/** Latents as long as real ones. */
const WARM_UP = Array.from({ length: 60 }, (_, i) => new Float32Array(SKETCH).fill(i % 7, 0, i % SKETCH))

export class Scatter {
  readonly #canvas: HTMLCanvasElement
  #palette: Palette
  #projection = new Projection()
  #rollouts: Rollouts | undefined
  /** Asked for when it changes: the page would have to lay itself out for each picture. */
  #width = 0
  #followed: number | undefined
  /** Latents that the directions were found by. */
  #fitted = 0

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    this.#canvas = canvas
    this.#palette = palette
    new ResizeObserver(() => {
      this.#width = widthFor(canvas)
      this.#draw()
    }).observe(canvas.parentElement!)
    // The first time takes ten times as long, as its code is new: not in the middle of a run.
    setTimeout(() => new Projection().fit(WARM_UP))
  }

  set palette(palette: Palette) {
    this.#palette = palette
    this.#draw()
  }

  show(rollouts: Rollouts, followed: number | undefined): void {
    if (rollouts !== this.#rollouts) {
      this.#projection = new Projection()
      this.#fitted = 0
    }
    this.#rollouts = rollouts
    this.#followed = followed
    const latents = rollouts.started.flatMap((rollout) => rollout.latents)
    if (latents.length >= 3 && latents.length > this.#fitted * FIT_GROWTH) {
      const stride = Math.ceil(latents.length / FIT_MOST)
      this.#projection.fit(latents.filter((_, i) => i % stride === 0))
      this.#fitted = latents.length
      // In a frame of its own: finding the directions takes as long as drawing.
      requestAnimationFrame(() => this.#draw())
    } else this.#draw()
  }

  #draw(): void {
    const width = this.#width
    if (width <= 0) return
    const context = fit(this.#canvas, width, HEIGHT)
    context.clearRect(0, 0, width, HEIGHT)
    const ways = (this.#rollouts?.started ?? []).map((rollout) => ({ rollout, points: this.#way(rollout) }))
    const place = placer(
      ways.flatMap(({ points }) => points),
      width,
    )
    const ordered = ways.toSorted((a, b) => this.#height(a.rollout) - this.#height(b.rollout))
    for (const { rollout, points } of ordered) this.#drawWay(context, rollout, points.map(place))
  }

  /** What is drawn above what: the right ones above the others, the followed one above all. */
  #height(rollout: Rollout): number {
    return rollout.number === this.#followed ? 2 : rollout.verified ? 1 : 0
  }

  #way({ latents }: Rollout): Point[] {
    return latents.map((latent) => this.#projection.project(latent)).filter((point) => point !== undefined)
  }

  #drawWay(context: CanvasRenderingContext2D, rollout: Rollout, points: readonly Point[]): void {
    const head = points.at(-1)
    if (!head) return
    const isFollowed = rollout.number === this.#followed
    const dimmed = this.#followed !== undefined && !isFollowed
    context.strokeStyle = isFollowed
      ? this.#palette.ink
      : qColour(this.#palette, qOf(rollout), dimmed ? 0.1 : 0.4)
    context.lineWidth = isFollowed ? 1.6 : 1
    context.beginPath()
    for (const [x, y] of points) context.lineTo(x, y)
    context.stroke()
    context.globalAlpha = dimmed ? 0.35 : 1
    context.fillStyle = rollout.verified ? this.#palette.right : qColour(this.#palette, qOf(rollout))
    context.beginPath()
    context.arc(head[0], head[1], isFollowed ? 6 : 4, 0, 2 * Math.PI)
    context.fill()
    context.globalAlpha = 1
  }
}

/** Fits the points into the canvas, both axes each to its own scale. */
function placer(points: readonly Point[], width: number): (point: Point) => Point {
  const range = (values: readonly number[], size: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    const scale = (size - 2 * MARGIN) / (most - least || 1)
    return (value: number) => MARGIN + (value - least) * scale
  }
  const x = range(
    points.map((point) => point[0]),
    width,
  )
  const y = range(
    points.map((point) => point[1]),
    HEIGHT,
  )
  return (point) => [x(point[0]), y(point[1])]
}
