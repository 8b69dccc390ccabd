/** One board of the wall: its picture on a canvas, and what the style sheet shows around it. */
import type { Picture } from '@ptrm/puzzles'
import type { Board } from '../src/puzzle.ts'
import { fit } from './canvas.ts'
import { confidenceAt, type Palette } from './colours.ts'
import { changedCells, drawMini, miniBoard } from './mini.ts'
import { html } from './page.ts'
import { qOf, type Rollout } from './rollouts.ts'

/** The colour of confidence around the board, as in the style sheet. */
const FRAME = 3
const NOTHING: ReadonlySet<number> = new Set()

/** What a tile is asked to show. */
export interface TileScene {
  readonly board: Board
  /** Undefined while it waits. */
  readonly rollout: Rollout | undefined
  /** Whether it goes on: it may have been left in the middle. */
  readonly isRunning: boolean
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
  /** What was written around it last. */
  #marked = ''

  constructor(number: number) {
    this.element = html('div', { className: 'tile' }, this.#canvas, html('i'))
    this.element.dataset['number'] = String(number)
  }

  /** Size or colours are others: the picture is drawn anew. */
  forget(): void {
    this.#step = undefined
  }

  /** What stands around the picture. Only what changed is written. */
  mark(scene: TileScene): void {
    const { rollout, steps, isRunning, isChosen, isFollowed } = scene
    const marked = [stepOf(scene), rollout?.verified, isChosen, isFollowed].join()
    if (marked === this.#marked) return
    this.#marked = marked
    const { element } = this
    element.toggleAttribute('data-waiting', rollout === undefined)
    element.toggleAttribute('data-right', rollout?.verified ?? false)
    element.toggleAttribute('data-chosen', isChosen)
    element.toggleAttribute('data-followed', isFollowed)
    element.toggleAttribute('data-running', isRunning)
    const { style } = element
    style.setProperty('--sureness', rollout ? `${Math.round(100 * confidenceAt(qOf(rollout)))}%` : '0%')
    if (rollout && isRunning) style.setProperty('--part', String(Math.min(1, rollout.q.length / steps)))
  }

  isStale(scene: TileScene): boolean {
    return this.#step !== stepOf(scene)
  }

  /** The picture, for a tile of `side` pixels; cells that changed stand out where `flashes`. */
  draw(scene: TileScene, side: number, palette: Palette, flashes: boolean): void {
    const { board, rollout, isRunning } = scene
    this.#step = stepOf(scene)
    // A try that waits is an empty frame: 64 pictures of one puzzle would cost more than they tell.
    if (!rollout) return
    const inner = side - 2 * FRAME
    const context = fit(this.#canvas, inner, inner)
    const mini = miniBoard(board, rollout.tokens)
    // A rollout that has come to its end rests: no flash.
    const before = isRunning && flashes ? this.#picture : undefined
    // Boards that are not square leave paper beside them.
    context.fillStyle = palette.board.paper
    context.fillRect(0, 0, inner, inner)
    drawMini(context, inner, mini, before ? changedCells(before, mini.picture) : NOTHING, palette)
    this.#picture = mini.picture
  }
}

/** A number that is another whenever the picture is. */
function stepOf({ rollout, isRunning }: TileScene): number {
  return rollout ? rollout.q.length + (isRunning ? 0 : 0.5) : 0
}
