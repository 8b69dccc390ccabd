/** Small boards on canvases: the cells of any kind's picture. */
import {
  BASELINE,
  badCells,
  type CellFace,
  type Picture,
  type Point,
  spread,
  TRIANGLES,
  type Violation,
} from '@ptrm/puzzles'
import type { Board } from '../src/puzzle.ts'
import type { Palette } from './colours.ts'

/** What a small board shows. */
export interface MiniBoard {
  readonly picture: Picture
  readonly violations: readonly Violation[]
  /** Cells that break a rule. */
  readonly bad: ReadonlySet<number>
}

/** By tokens: the wall, the words and the large boards ask for the same ones. */
const known = new WeakMap<Uint8Array, { readonly board: Board; readonly mini: MiniBoard }>()

/** The puzzle, or what answer tokens of its board say of it, with what is wrong about that. Tokens must not change. */
export function miniBoard(board: Board, tokens?: Uint8Array): MiniBoard {
  const { kind, puzzle } = board
  if (!tokens) return { picture: kind.toPicture(puzzle), violations: [], bad: new Set() }
  const found = known.get(tokens)
  if (found?.board === board) return found.mini
  const answer = kind.decode(puzzle, tokens)
  const violations = kind.verify(puzzle, answer)
  const mini = { picture: kind.toPicture(puzzle, answer), violations, bad: badCells(violations) }
  known.set(tokens, { board, mini })
  return mini
}

/** The cells that show something else in one picture than in the other. */
export function changedCells(before: Picture, after: Picture): ReadonlySet<number> {
  const differs = (cell: number) => before.cells[cell]?.words !== after.cells[cell]?.words
  return new Set([...after.cells.keys()].filter(differs))
}

/** Draws into a square of `side` CSS pixels at (0, 0); the cells of `flash` stand out. */
export function drawMini(
  context: CanvasRenderingContext2D,
  side: number,
  { picture, bad }: MiniBoard,
  flash: ReadonlySet<number>,
  palette: Palette,
): void {
  const { rows, cols, cells } = picture
  const unit = side / Math.max(rows, cols)
  context.save()
  context.translate((side - unit * cols) / 2, (side - unit * rows) / 2)
  context.fillStyle = palette.board.paper
  context.fillRect(0, 0, unit * cols, unit * rows)
  context.textAlign = 'center'
  context.textBaseline = 'alphabetic'
  const pen = new Pen(context)
  for (const [index, face] of cells.entries()) {
    const at: Point = [(index % cols) * unit, Math.floor(index / cols) * unit]
    const tint = flash.has(index) ? palette.flash : bad.has(index) ? palette.board['wrong-fill'] : undefined
    drawGround(context, unit, at, face, tint, bad.has(index), palette)
    drawMark(context, unit, at, face, bad.has(index), palette)
    drawText(pen, unit, at, face, picture.filledWith === 'digits' && bad.has(index), palette)
  }
  drawLines(context, unit, picture, palette)
  context.restore()
}

function drawGround(
  context: CanvasRenderingContext2D,
  unit: number,
  [x, y]: Point,
  { ground }: CellFace,
  tint: string | undefined,
  isBad: boolean,
  { board }: Palette,
): void {
  const light = ground === 'lit' ? board.lit : undefined
  if (tint ?? light) {
    context.fillStyle = (tint ?? light)!
    context.fillRect(x, y, unit, unit)
  }
  if (ground === 'paper' || ground === 'lit') return
  context.fillStyle = isBad ? board.wrong : ground === 'shade' ? board.shade : board.ink
  const corners = TRIANGLES[ground]
  if (corners) fillShape(context, corners, unit, x, y)
  else if (ground === 'shade') context.fillRect(x + 0.5, y + 0.5, unit - 1, unit - 1)
  else context.fillRect(x, y, unit, unit)
}

function fillShape(
  context: CanvasRenderingContext2D,
  corners: readonly Point[],
  unit: number,
  x: number,
  y: number,
): void {
  context.beginPath()
  for (const [dx, dy] of corners) context.lineTo(x + dx * unit, y + dy * unit)
  context.fill()
}

/** Of marks only bulbs: dots would be specks at this size. */
function drawMark(
  context: CanvasRenderingContext2D,
  unit: number,
  [x, y]: Point,
  { mark }: CellFace,
  isBad: boolean,
  { board }: Palette,
): void {
  if (mark !== 'bulb') return
  context.fillStyle = isBad ? board.wrong : board.bulb
  context.beginPath()
  context.arc(x + unit / 2, y + unit / 2, unit * 0.3, 0, 2 * Math.PI)
  context.fill()
}

/** Larger in its cell than elsewhere, to be legible. */
const ENLARGED = 1.4
/** Pixels; smaller texts are specks, and there are many of them on large boards. */
const SMALLEST_TEXT = 2

/** Fonts are read anew whenever they are set, and most texts of a board have the same. */
class Pen {
  readonly context: CanvasRenderingContext2D
  #font = ''

  constructor(context: CanvasRenderingContext2D) {
    this.context = context
  }

  set font(font: string) {
    if (font === this.#font) return
    this.#font = font
    this.context.font = font
  }
}

function drawText(
  pen: Pen,
  unit: number,
  [x, y]: Point,
  { text, ground }: CellFace,
  isWrong: boolean,
  { board }: Palette,
): void {
  if (!text) return
  const { size, at } = spread(text.parts)
  const fontSize = size * unit * ENLARGED
  if (fontSize < SMALLEST_TEXT) return
  const colours = {
    clue: ground === 'wall' || ground === 'shade' ? board.paper : board.ink,
    given: board.ink,
    answer: board.accent,
  }
  const { context } = pen
  context.fillStyle = isWrong ? board.wrong : colours[text.role]
  pen.font = `${{ clue: 600, given: 700, answer: 400 }[text.role]} ${fontSize}px ui-sans-serif, system-ui, sans-serif`
  for (const [i, part] of text.parts.entries()) {
    const [dx, dy] = at[i]!
    context.fillText(part, x + (0.5 + dx) * unit, y + (0.5 + dy) * unit + fontSize * BASELINE)
  }
}

/** Thick lines; thin ones only where cells are large enough. */
function drawLines(
  context: CanvasRenderingContext2D,
  unit: number,
  { rows, cols, isHeavy = () => false }: Picture,
  palette: Palette,
): void {
  context.beginPath()
  for (let cell = 0; cell < rows * cols; cell++) {
    const [x, y] = [(cell % cols) * unit, Math.floor(cell / cols) * unit]
    if (cell % cols > 0 && isHeavy(cell - 1, cell)) segment(context, x, y, 0, unit)
    if (cell >= cols && isHeavy(cell - cols, cell)) segment(context, x, y, unit, 0)
  }
  context.strokeStyle = palette.muted
  context.lineWidth = Math.max(0.6, unit / 14)
  context.stroke()
  if (unit < 9) return
  context.beginPath()
  for (let row = 1; row < rows; row++) segment(context, 0, row * unit, cols * unit, 0)
  for (let col = 1; col < cols; col++) segment(context, col * unit, 0, 0, rows * unit)
  context.strokeStyle = palette.board.line
  context.lineWidth = 0.4
  context.stroke()
}

function segment(context: CanvasRenderingContext2D, x: number, y: number, dx: number, dy: number): void {
  context.moveTo(x, y)
  context.lineTo(x + dx, y + dy)
}
