/** One board of the wall: its picture on a canvas, and what the style sheet shows around it. */
import type { Picture } from '@ptrm/puzzles'
import type { Board } from '../src/puzzle.ts'
import { fit } from './canvas.ts'
import { confidenceAt, type Palette } from './colours.ts'
import { changedCells, drawMini, type MiniBoard, miniBoard } from './mini.ts'
import { html } from './page.ts'
import { qOf, type Rollout } from './rollouts.ts'

/** The colour of confidence around the board, as in the style sheet. */
const FRAME = 3
const NOTHING: ReadonlySet<number> = new Set()

/** What a tile is asked to show. */
export interface TileScene {
  readonly board: Board
  /** The puzzle alone. */
  readonly blank: MiniBoard
  /** Undefined before it has begun. */
  readonly rollout: Rollout | undefined
  /** D. */
  readonly steps: number
  /** The rollout that the answer is from. */
  readonly isChosen: boolean
  /** The rollout that is being looked at. */
  readonly isFollowed: boolean
}

export class Tile {
  readonly element: HTMLElement
  readonly #canvas = html('canvas')
  /** As last drawn, and of which step; undefined where it must be drawn anew. */
  #step: number | undefined
  #picture: Picture | undefined

  constructor(number: number) {
    this.element = html('div', { className: 'tile' }, this.#canvas, html('i'))
    this.element.dataset['number'] = String(number)
  }

  /** Size or colours are others. */
  forget(): void {
    this.#step = undefined
  }

  /** What stands around the picture. Only what changed is written. */
  mark({ rollout, steps, isChosen, isFollowed }: TileScene): void {
    const { element } = this
    const isRunning = rollout !== undefined && !rollout.done
    element.toggleAttribute('data-waiting', rollout === undefined)
    element.toggleAttribute('data-right', rollout?.verified ?? false)
    element.toggleAttribute('data-chosen', isChosen)
    element.toggleAttribute('data-followed', isFollowed)
    element.toggleAttribute('data-running', isRunning)
    const { style } = element
    style.setProperty('--sureness', rollout ? `${Math.round(100 * confidenceAt(qOf(rollout)))}%` : '0%')
    if (isRunning) style.setProperty('--part', String(Math.min(1, rollout.q.length / steps)))
  }

  isStale({ rollout }: TileScene): boolean {
    return this.#step !== stepOf(rollout)
  }

  /** The picture, for a tile of `side` pixels; cells that changed stand out where `flashes`. */
  draw({ board, blank, rollout }: TileScene, side: number, palette: Palette, flashes: boolean): void {
    this.#step = stepOf(rollout)
    const inner = side - 2 * FRAME
    const context = fit(this.#canvas, inner, inner)
    context.fillStyle = palette.board.paper
    context.fillRect(0, 0, inner, inner)
    const mini = rollout ? miniBoard(board, rollout.tokens) : blank
    // A rollout that has come to its end rests: no flash.
    const before = rollout && !rollout.done && flashes ? this.#picture : undefined
    drawMini(context, inner, mini, before ? changedCells(before, mini.picture) : NOTHING, palette)
    this.#picture = rollout && mini.picture
  }
}

/** A number that is another whenever the picture is. */
function stepOf(rollout: Rollout | undefined): number {
  return rollout ? rollout.q.length + (rollout.done ? 0.5 : 0) : 0
}
