/** The wall: one small board a rollout, those that are sure of themselves first. */
import { Pace } from '../src/pace.ts'
import type { Board } from '../src/puzzle.ts'
import { widthFor } from './canvas.ts'
import type { Palette } from './colours.ts'
import { isSure, type Rollouts } from './rollouts.ts'
import { Tile, type TileScene } from './tile.ts'
import { columnsFor, withSureFirst } from './wall-order.ts'

/** What the wall shows. */
export interface WallScene {
  readonly board: Board
  readonly rollouts: Rollouts
  /** The rollout that the answer is from. */
  readonly chosen: number | undefined
  /** The rollout that is being looked at. */
  readonly followed: number | undefined
}

/** As in the style sheet. */
const GAP = 6
/** Of the window's height, so that the whole wall is seen with what is told above it. */
const PART_OF_WINDOW = 0.6
/** The order is made anew this often: q of a rollout that is thinking jumps about. */
const ORDER_EVERY_MS = 700
/** Milliseconds that one picture may take of the page; boards that are left wait for the next. */
const BUDGET_MS = 6
const SLIDE_MS = 350
/** More at once would cross each other's ways: they fade in where they belong. */
const MOST_SLIDES = 8

export class Wall {
  readonly #element: HTMLElement
  #tiles: readonly Tile[] = []
  #palette: Palette
  #scene: WallScene | undefined
  #order: readonly number[] = []
  #ordered = 0
  #side = 0
  #columns = 1
  /** Where drawing goes on, so that no tile waits for ever. */
  #next = 0
  readonly #pace = new Pace(() => this.#draw())
  /** Whether somebody waits for the whole wall. */
  #isUrgent = false
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)')

  constructor(element: HTMLElement, palette: Palette) {
    this.#element = element
    this.#palette = palette
    new ResizeObserver(() => this.#layOut()).observe(element.parentElement!)
  }

  set palette(palette: Palette) {
    this.#palette = palette
    this.#forget()
    // All of it: paper waits for no frame.
    this.#draw(Number.POSITIVE_INFINITY)
  }

  /** Soon; or at once, as somebody waits for it. */
  show(scene: WallScene, atOnce: boolean): void {
    const isNew = scene.board !== this.#scene?.board || scene.rollouts !== this.#scene.rollouts
    this.#scene = scene
    if (isNew) this.#begin(scene)
    this.#isUrgent ||= atOnce
    this.#ask()
  }

  /** The rollout that is under the pointer; undefined between two. */
  at(target: EventTarget | null): number | undefined {
    const tile = target instanceof Element && target.closest<HTMLElement>('.tile')
    return tile ? Number(tile.dataset['number']) : undefined
  }

  /** The rollout that stands so many places from another on the wall, rows counted by the wall's width. */
  beside(number: number | undefined, places: number, rows: number): number | undefined {
    const at = number === undefined ? -1 : this.#order.indexOf(number)
    const next = at < 0 ? 0 : at + places + rows * this.#columns
    return this.#order[Math.min(this.#order.length - 1, Math.max(0, next))]
  }

  #begin({ rollouts }: WallScene): void {
    this.#tiles = Array.from({ length: rollouts.planned }, (_, number) => new Tile(number))
    this.#order = [...this.#tiles.keys()]
    for (const [number, { element }] of this.#tiles.entries()) element.style.order = String(number)
    this.#ordered = performance.now()
    this.#next = 0
    this.#element.replaceChildren(...this.#tiles.map(({ element }) => element))
    this.#layOut()
  }

  #layOut(): void {
    const width = widthFor(this.#element)
    if (!this.#scene || width <= 0) return
    const { kind, puzzle } = this.#scene.board
    const { rows, cols } = kind.size(puzzle)
    const room = { width, height: innerHeight * PART_OF_WINDOW, gap: GAP }
    this.#columns = columnsFor(this.#tiles.length, Math.max(rows, cols), room)
    this.#element.style.setProperty('--columns', String(this.#columns))
    const side = (width + GAP) / this.#columns - GAP
    if (side !== this.#side) this.#forget()
    this.#side = side
    this.#isUrgent = true
    this.#ask()
  }

  /** Size or colours are others. */
  #forget(): void {
    for (const tile of this.#tiles) tile.forget()
  }

  /** The try without noise stands first, whatever becomes of it: the others are seen against it. */
  #arrange({ rollouts, chosen }: WallScene): void {
    const now = performance.now()
    const isEnd = chosen !== undefined || rollouts.isOver || rollouts.tally().done === rollouts.planned
    if (!isEnd && now - this.#ordered < ORDER_EVERY_MS) return
    this.#ordered = now
    const before = this.#order
    this.#order = isEnd
      ? [...new Set([0, ...rollouts.ranked().map(({ number }) => number), ...before])]
      : withSureFirst(before, (number) => isSure(rollouts.get(number)))
    const moved = this.#order.filter((number, place) => before[place] !== number)
    for (const number of moved) {
      const { element } = this.#tiles[number]!
      element.style.order = String(this.#order.indexOf(number))
      if (this.#calm.matches) continue
      if (moved.length > MOST_SLIDES) element.animate([{ opacity: 0 }, { opacity: 1 }], SLIDE_MS)
      else this.#slide(element, before.indexOf(number), this.#order.indexOf(number))
    }
  }

  /** Above the others, which stand still. */
  #slide(element: HTMLElement, from: number, to: number): void {
    const pitch = this.#side + GAP
    const x = ((from % this.#columns) - (to % this.#columns)) * pitch
    const y = (Math.floor(from / this.#columns) - Math.floor(to / this.#columns)) * pitch
    element.style.zIndex = '1'
    const way = element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], {
      duration: SLIDE_MS,
      easing: 'ease-in-out',
    })
    way.onfinish = () => {
      element.style.zIndex = ''
    }
  }

  #draw(budget = BUDGET_MS): void {
    const scene = this.#scene
    if (!scene || this.#side <= 0) return
    const begun = performance.now()
    const scenes = this.#tiles.map((_, number) => sceneOf(scene, number))
    for (const [number, tile] of this.#tiles.entries()) tile.mark(scenes[number]!)
    // With the marks that say why: a board that moves before it is marked moves for no reason that can be seen.
    this.#arrange(scene)
    for (let i = 0; i < this.#tiles.length; i++) {
      const number = (this.#next + i) % this.#tiles.length
      const [tile, wanted] = [this.#tiles[number]!, scenes[number]!]
      if (!tile.isStale(wanted)) continue
      if (performance.now() - begun > budget) {
        this.#next = number
        this.#ask()
        return
      }
      tile.draw(wanted, this.#side, this.#palette, !this.#calm.matches)
    }
    this.#isUrgent = false
  }

  #ask(): void {
    if (this.#isUrgent) this.#pace.askAtOnce()
    else this.#pace.ask()
  }
}

function sceneOf({ board, rollouts, chosen, followed }: WallScene, number: number): TileScene {
  const rollout = rollouts.get(number)
  return {
    board,
    rollout,
    isRunning: rollout !== undefined && !rollout.done && !rollouts.isOver,
    steps: rollouts.steps,
    isChosen: number === chosen,
    isFollowed: number === followed,
  }
}
