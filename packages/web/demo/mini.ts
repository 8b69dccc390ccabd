/** A small board on a canvas: any kind's puzzle and answer, drawn from their texts. */
import type { Board } from '../src/puzzle.ts'
import { cellTexts } from '../src/puzzle.ts'
import type { Palette } from './colours.ts'

/** What never changes of a board while it is solved. */
export interface MiniBoard {
  readonly board: Board
  readonly rows: number
  readonly cols: number
  /** The text grid's cells. */
  readonly texts: readonly string[]
}

export interface MiniAnswer {
  /** One character a cell, `answerToLine` without row breaks; empty before the first step. */
  readonly line: string
  /** Cells that break a rule. */
  readonly bad: ReadonlySet<number>
  /** Cells that the last step changed. */
  readonly changed: ReadonlySet<number>
}

export const NO_ANSWER: MiniAnswer = { line: '', bad: new Set(), changed: new Set() }

export function miniBoard(board: Board): MiniBoard {
  return { board, ...board.kind.size(board.puzzle), texts: cellTexts(board) }
}

/** What the model's tokens say, with what is wrong about it. */
export function miniAnswer(
  { board }: MiniBoard,
  tokens: Uint8Array,
  changed: ReadonlySet<number>,
): MiniAnswer {
  const { kind, puzzle } = board
  const answer = kind.decode(puzzle, tokens)
  const bad = new Set(kind.verify(puzzle, answer).flatMap(({ cells }) => cells))
  return { line: kind.answerToLine(puzzle, answer).replaceAll('/', ''), bad, changed }
}

/** Draws into a square of `side` CSS pixels at (0, 0). */
export function drawMini(
  context: CanvasRenderingContext2D,
  side: number,
  mini: MiniBoard,
  answer: MiniAnswer,
  palette: Palette,
): void {
  const cell = side / Math.max(mini.rows, mini.cols)
  const [width, height] = [cell * mini.cols, cell * mini.rows]
  context.save()
  context.translate((side - width) / 2, (side - height) / 2)
  context.fillStyle = palette.paper
  context.fillRect(0, 0, width, height)
  for (let index = 0; index < mini.texts.length; index++) {
    context.save()
    context.translate((index % mini.cols) * cell, Math.floor(index / mini.cols) * cell)
    drawGround(context, cell, index, answer, palette)
    drawCell(context, cell, mini, index, answer.line[index] ?? '', answer.bad.has(index), palette)
    context.restore()
  }
  drawLines(context, cell, mini, palette)
  context.restore()
}

function drawGround(
  context: CanvasRenderingContext2D,
  cell: number,
  index: number,
  { bad, changed }: MiniAnswer,
  palette: Palette,
): void {
  if (!bad.has(index) && !changed.has(index)) return
  context.fillStyle = changed.has(index) ? palette.flash : palette.wrongFill
  context.fillRect(0, 0, cell, cell)
}

const TRIANGLES: Readonly<Record<string, readonly [number, number][]>> = {
  '◣': [
    [0, 0],
    [0, 1],
    [1, 1],
  ],
  '◢': [
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  '◥': [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
  '◤': [
    [0, 0],
    [1, 0],
    [0, 1],
  ],
}

function drawCell(
  context: CanvasRenderingContext2D,
  cell: number,
  { board, texts }: MiniBoard,
  index: number,
  said: string,
  bad: boolean,
  palette: Palette,
): void {
  const { name } = board.kind
  const text = texts[index]!
  const isWall = (name === 'lightup' || name === 'shakashaka') && text !== '.'
  context.fillStyle = bad ? palette.wrong : palette.ink
  if (isWall) context.fillRect(0, 0, cell, cell)
  else if (said === '#') fillShade(context, cell, bad, palette)
  else if (said === 'o') fillDisc(context, cell, bad ? palette.wrong : palette.accent)
  else if (TRIANGLES[said]) fillShape(context, cell, TRIANGLES[said])
  if (name === 'sudoku') {
    const isGiven = text !== '.' && (said === '' || said === text)
    const digit = said === '' || said === '0' ? text : said
    if (digit === '.') return
    context.fillStyle = bad ? palette.wrong : isGiven ? palette.ink : palette.accent
    write(context, cell, digit, isGiven ? 700 : 400)
    return
  }
  const clue = name === 'heyawake' ? text.replace(/^\D+/, '') : text.replace(/^[.x]$/, '')
  context.fillStyle = isWall ? palette.paper : palette.ink
  write(context, cell, clue, 600)
}

function fillShade(context: CanvasRenderingContext2D, cell: number, bad: boolean, palette: Palette): void {
  context.fillStyle = bad ? palette.wrong : palette.shade
  context.fillRect(0.5, 0.5, cell - 1, cell - 1)
}

function fillDisc(context: CanvasRenderingContext2D, cell: number, colour: string): void {
  context.fillStyle = colour
  context.beginPath()
  context.arc(cell / 2, cell / 2, cell * 0.3, 0, 2 * Math.PI)
  context.fill()
}

function fillShape(
  context: CanvasRenderingContext2D,
  cell: number,
  corners: readonly [number, number][],
): void {
  context.beginPath()
  for (const [x, y] of corners) context.lineTo(x * cell, y * cell)
  context.fill()
}

function write(context: CanvasRenderingContext2D, cell: number, text: string, weight: number): void {
  if (!text) return
  const size = cell * (text.length > 2 ? 0.45 : text.length > 1 ? 0.6 : 0.82)
  context.font = `${weight} ${size}px ui-sans-serif, system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'alphabetic'
  context.fillText(text, cell / 2, cell / 2 + size * 0.36)
}

/** Hairlines where cells meet on larger boards; heavy ones around boxes and rooms. */
function drawLines(context: CanvasRenderingContext2D, cell: number, mini: MiniBoard, palette: Palette): void {
  const { rows, cols } = mini
  context.beginPath()
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      if (col > 0 && isHeavy(mini, row, col, row, col - 1)) segment(context, col * cell, row * cell, 0, cell)
      if (row > 0 && isHeavy(mini, row, col, row - 1, col)) segment(context, col * cell, row * cell, cell, 0)
    }
  context.strokeStyle = palette.muted
  context.lineWidth = Math.max(0.6, cell / 14)
  context.stroke()
  if (cell < 9) return
  context.beginPath()
  for (let row = 1; row < rows; row++) segment(context, 0, row * cell, cols * cell, 0)
  for (let col = 1; col < cols; col++) segment(context, col * cell, 0, 0, rows * cell)
  context.strokeStyle = palette.line
  context.lineWidth = 0.4
  context.stroke()
}

function segment(context: CanvasRenderingContext2D, x: number, y: number, dx: number, dy: number): void {
  context.moveTo(x, y)
  context.lineTo(x + dx, y + dy)
}

function isHeavy(
  { board, texts, cols }: MiniBoard,
  row: number,
  col: number,
  row2: number,
  col2: number,
): boolean {
  if (board.kind.name === 'sudoku')
    return Math.floor(row / 3) !== Math.floor(row2 / 3) || Math.floor(col / 3) !== Math.floor(col2 / 3)
  const room = (r: number, c: number) => texts[r * cols + c]!.replace(/[^a-z].*$/i, '')
  return board.kind.name === 'heyawake' && room(row, col) !== room(row2, col2)
}
