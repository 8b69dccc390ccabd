/** The wall: one small board a rollout, in the order of q, moving as the order changes. */

import type { Picture } from '@ptrm/puzzles'
import { Pace } from '../src/pace.ts'
import type { Board } from '../src/puzzle.ts'
import { fit, widthFor } from './canvas.ts'
import { type Palette, qColour } from './colours.ts'
import { changedCells, drawMini, type MiniBoard, miniBoard } from './mini.ts'
import { qOf, type Rollout, type Rollouts } from './rollouts.ts'

/** What the wall shows. */
export interface WallScene {
  readonly board: Board
  readonly rollouts: Rollouts
  /** The rollout that the answer is from. */
  readonly chosen: number | undefined
  /** The rollout that is being looked at. */
  readonly followed: number | undefined
}

interface Tile {
  x: number
  y: number
  /** Its board as last drawn, and of which step. */
  readonly image: HTMLCanvasElement
  picture: Picture | undefined
  step: number
}

const NOTHING: ReadonlySet<number> = new Set()
const GAP = 6
/** The colour of q around a tile's board. */
const FRAME = 3
/** Room for the outline of tiles at the canvas's edge. */
const EDGE = 3
/** Sides of a tile, and at least so much for each cell of a board's longer side. */
const SMALLEST = 34
const LARGEST = 120
const SMALLEST_CELL = 2.5
const LARGEST_CELL = 8
/** The order is made anew this often: q of a rollout that is thinking jumps about. */
const ORDER_EVERY_MS = 700
/** Of the way to its place that a tile goes from one picture to the next. */
const PART_OF_WAY = 0.5

export class Wall {
  readonly #canvas: HTMLCanvasElement
  readonly #tiles = new Map<number, Tile>()
  #palette: Palette
  #scene: WallScene | undefined
  /** The puzzle alone. */
  #blank: MiniBoard | undefined
  #order: readonly number[] = []
  #ordered = 0
  #side = LARGEST
  #cols = 1
  readonly #pace = new Pace(() => {
    if (this.#draw()) this.#pace.ask()
  })
  #calm = matchMedia('(prefers-reduced-motion: reduce)')

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    this.#canvas = canvas
    this.#palette = palette
    new ResizeObserver(() => this.#redrawAll()).observe(canvas.parentElement!)
  }

  set palette(palette: Palette) {
    this.#palette = palette
    this.#redrawAll()
  }

  show(scene: WallScene): void {
    const isNew = scene.board !== this.#scene?.board || scene.rollouts !== this.#scene.rollouts
    if (isNew) this.#tiles.clear()
    if (scene.board !== this.#scene?.board) this.#blank = miniBoard(scene.board)
    this.#scene = scene
    this.#pace.ask()
    const now = performance.now()
    const isEnd = scene.rollouts.tally().done === scene.rollouts.started.length
    if (!isNew && !isEnd && now - this.#ordered < ORDER_EVERY_MS) return
    this.#ordered = now
    // The try without noise stands first, whatever becomes of it: the others are seen against it.
    const ranked = [0, ...scene.rollouts.ranked().map(({ number }) => number)]
    const waiting = Array.from({ length: scene.rollouts.planned }, (_, k) => k)
    this.#order = [...new Set([...ranked, ...waiting])]
  }

  /** The rollout at a point of the canvas, in CSS pixels. */
  at(x: number, y: number): number | undefined {
    const pitch = this.#side + GAP
    const col = Math.floor((x - EDGE) / pitch)
    return col < this.#cols ? this.#order[Math.floor((y - EDGE) / pitch) * this.#cols + col] : undefined
  }

  /** The rollout that stands so many places from another on the wall, rows counted by the wall's width. */
  beside(number: number | undefined, places: number, rows: number): number | undefined {
    const at = number === undefined ? -1 : this.#order.indexOf(number)
    const next = at < 0 ? 0 : at + places + rows * this.#cols
    return this.#order[Math.min(this.#order.length - 1, Math.max(0, next))]
  }

  #redrawAll(): void {
    for (const tile of this.#tiles.values()) tile.step = -1
    this.#pace.ask()
  }

  /** Returns whether anything is still on its way. */
  #draw(): boolean {
    const scene = this.#scene
    const width = widthFor(this.#canvas)
    if (!scene || width <= 0) return false
    this.#layOut(width)
    const rows = Math.ceil(this.#order.length / this.#cols)
    const height = rows * (this.#side + GAP) + EDGE
    const context = fit(this.#canvas, width, height)
    context.clearRect(0, 0, width, height)
    let moving = false
    // The last is drawn on top: those that climb pass over the others.
    for (const [place, number] of [...this.#order.entries()].reverse()) {
      const tile = this.#tile(number)
      moving = this.#move(tile, place) || moving
      this.#drawTile(context, scene, number, tile)
    }
    return moving
  }

  /** As large as they can be while the wall is about as high as it is wide. */
  #layOut(width: number): void {
    const count = Math.max(1, this.#order.length)
    const { rows = 1, cols = 1 } = this.#blank?.picture ?? {}
    const cells = Math.max(rows, cols)
    const [smallest, largest] = [
      Math.max(SMALLEST, SMALLEST_CELL * cells + 2 * FRAME),
      Math.max(LARGEST, LARGEST_CELL * cells + 2 * FRAME),
    ]
    const wanted = Math.min(largest, Math.max(smallest, Math.sqrt((width * width * 0.92) / count) - GAP))
    this.#cols = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)))
    const side = Math.floor((width - 2 * EDGE + GAP) / this.#cols - GAP)
    if (side !== this.#side) for (const tile of this.#tiles.values()) tile.step = -1
    this.#side = side
  }

  #tile(number: number): Tile {
    let tile = this.#tiles.get(number)
    if (!tile) {
      const image = document.createElement('canvas')
      tile = { x: Number.NaN, y: Number.NaN, image, picture: undefined, step: -1 }
      this.#tiles.set(number, tile)
    }
    return tile
  }

  #move(tile: Tile, place: number): boolean {
    const pitch = this.#side + GAP
    const [x, y] = [(place % this.#cols) * pitch + EDGE, Math.floor(place / this.#cols) * pitch + EDGE]
    const near = Math.abs(tile.x - x) + Math.abs(tile.y - y) < 0.6
    if (this.#calm.matches || near || Number.isNaN(tile.x)) {
      ;[tile.x, tile.y] = [x, y]
      return false
    }
    tile.x += (x - tile.x) * PART_OF_WAY
    tile.y += (y - tile.y) * PART_OF_WAY
    return true
  }

  #drawTile(context: CanvasRenderingContext2D, scene: WallScene, number: number, tile: Tile): void {
    const rollout = scene.rollouts.get(number)
    const side = this.#side
    this.#drawBoard(scene, rollout, tile)
    context.save()
    context.translate(tile.x, tile.y)
    context.globalAlpha = rollout ? 1 : 0.4
    context.fillStyle = rollout ? qColour(qOf(rollout)) : this.#palette.line
    roundRect(context, 0, 0, side, side, 5)
    context.fill()
    context.drawImage(tile.image, FRAME, FRAME, side - 2 * FRAME, side - 2 * FRAME)
    if (number === 0) label(context, side, 'no noise', this.#palette)
    if (rollout && !rollout.done) this.#drawProgress(context, rollout, scene.rollouts.steps)
    if (rollout?.verified) badge(context, side, this.#palette.right, '✓', this.#palette.board.paper)
    if (number === scene.followed) outline(context, side, this.#palette.ink)
    // Chosen is the network's word, right is the rules': two marks.
    if (number === scene.chosen) outline(context, side, this.#palette.accent)
    context.restore()
  }

  #drawBoard({ board }: WallScene, rollout: Rollout | undefined, tile: Tile): void {
    const step = rollout ? rollout.q.length + (rollout.done ? 0.5 : 0) : 0
    if (tile.step === step) return
    tile.step = step
    const side = this.#side - 2 * FRAME
    const context = fit(tile.image, side, side)
    context.fillStyle = this.#palette.board.paper
    context.fillRect(0, 0, side, side)
    const mini = rollout ? miniBoard(board, rollout.tokens) : this.#blank!
    // A rollout that has come to its end rests: no flash.
    const flashes = rollout && !rollout.done && !this.#calm.matches && tile.picture
    drawMini(context, side, mini, flashes ? changedCells(flashes, mini.picture) : NOTHING, this.#palette)
    tile.picture = rollout && mini.picture
  }

  #drawProgress(context: CanvasRenderingContext2D, { q }: Rollout, steps: number): void {
    const width = (this.#side - 2 * FRAME) * Math.min(1, q.length / steps)
    context.fillStyle = this.#palette.ink
    context.fillRect(FRAME, this.#side - 5, width, 2)
  }
}

function roundRect(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  r: number,
) {
  context.beginPath()
  context.roundRect(x, y, width, height, r)
}

/** A line around the tile, in the gap, so that the colour of q stays to be seen. */
function outline(context: CanvasRenderingContext2D, side: number, colour: string): void {
  context.strokeStyle = colour
  context.lineWidth = 2.5
  roundRect(context, -1.5, -1.5, side + 3, side + 3, 6.5)
  context.stroke()
}

/** Over the tile's upper edge, where the least of the board is hidden. */
function label(context: CanvasRenderingContext2D, side: number, text: string, palette: Palette): void {
  const size = Math.max(8, Math.min(12, side / 7))
  context.font = `650 ${size}px ui-sans-serif, system-ui, sans-serif`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = palette.ink
  context.fillRect(0, 0, Math.min(side, context.measureText(text).width + 8), size + 4)
  context.fillStyle = palette.board.paper
  context.fillText(text, 4, size / 2 + 2.5, side - 6)
}

function badge(
  context: CanvasRenderingContext2D,
  side: number,
  colour: string,
  sign: string,
  ink: string,
): void {
  const radius = Math.max(6, side / 11)
  const centre = side - radius * 0.9
  context.fillStyle = colour
  context.beginPath()
  context.arc(centre, centre, radius, 0, 2 * Math.PI)
  context.fill()
  context.fillStyle = ink
  context.font = `700 ${radius * 1.3}px ui-sans-serif, system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(sign, centre, centre + radius * 0.08)
}
