/** Pictures for terminals: shapes in a lattice of lines, digits close together; with ANSI colours or without. */
import type { DrawTextOptions } from '../kind.ts'
import { badCells } from '../violation.ts'
import { CELL_WIDTH, drawLattice } from './lattice.ts'
import { painter, type Style } from './paint.ts'
import type { CellFace, Ground, Mark, Picture } from './picture.ts'

/** Signs of cells that show no text. */
const MARKS: Readonly<Record<Mark, string>> = { bulb: '●', dot: '·', 'no-bulb': '' }
const GROUNDS: Readonly<Partial<Record<Ground, string>>> = {
  lit: '·',
  'lower-left': '◣',
  'lower-right': '◢',
  'upper-right': '◥',
  'upper-left': '◤',
}
/** What stands beside the text or sign of a cell. */
const FILLS: Readonly<Partial<Record<Ground, string>>> = { wall: '█', shade: '▓' }

/** The picture in characters. Where a cell breaks a rule of `options.violations` it shows, with colour and without. */
export function drawText(picture: Picture, options: DrawTextOptions = {}): string {
  return picture.filledWith === 'digits' ? drawDigits(picture, options) : drawShapes(picture, options)
}

/** A cell that breaks a rule has `!` at its sides; one with a clue that is shaded or not keeps the sign of that. */
function drawShapes(picture: Picture, options: DrawTextOptions): string {
  const bad = badCells(options.violations)
  const paint = painter(options)
  const widths = picture.cells.map((face, cell) => widthOf(face, bad.has(cell)))
  const cellWidth = Math.max(CELL_WIDTH, ...widths)
  return drawLattice({
    ...picture,
    cellWidth,
    cell: (cell) => {
      const face = picture.cells[cell]!
      const text = shapeText(face, cellWidth)
      if (!bad.has(cell)) return paint(styleOf(face), text)
      return paint('wrong', `!${text.slice(1, -1)}${face.text && face.isOpen ? text.slice(-1) : '!'}`)
    },
  })
}

function widthOf({ text, isOpen, ground }: CellFace, isBad: boolean): number {
  if (!text) return 0
  const hasSides = isOpen || isBad || FILLS[ground] !== undefined
  return textOf(text.parts).length + (hasSides ? 2 : 0)
}

function shapeText({ ground, text, mark }: CellFace, width: number): string {
  const sign = mark && MARKS[mark]
  const shown = text ? textOf(text.parts) : sign || GROUNDS[ground] || ''
  const fill = FILLS[ground] ?? ' '
  const centred = shown.padStart(Math.floor((width + shown.length) / 2), fill).padEnd(width, fill)
  return text && sign ? centred.slice(0, -1) + sign : centred
}

/** Two numbers stand apart, so that they do not look like one; more are run together. */
function textOf(parts: readonly string[]): string {
  return parts.join(parts.length === 2 ? ' ' : '')
}

function styleOf({ ground, text, mark }: CellFace): Style {
  if (text || ground === 'wall') return text?.role === 'answer' ? 'answer' : 'given'
  if (mark === 'bulb') return 'light'
  return ground === 'paper' || ground === 'lit' ? 'dim' : 'answer'
}

/**
 * Givens stand alone, answers carry a dot (`·5`); where a cell breaks a rule, a given carries an exclamation mark (`!5`)
 * and an answer a cross (`×5`). Of the lines only thick ones are drawn: those that go from edge to edge.
 */
function drawDigits(picture: Picture, options: DrawTextOptions): string {
  const { rows, cols, cells, isHeavy = () => false } = picture
  const bad = badCells(options.violations)
  const paint = painter(options)
  const width = Math.max(1, ...cells.map(({ text }) => (text ? textOf(text.parts).length : 0)))
  const digit = (cell: number) => {
    const { text } = cells[cell]!
    if (!text && bad.has(cell)) return paint('wrong', '!.'.padStart(width + 1))
    if (!text) return paint('dim', ' .'.padStart(width + 1))
    const isGiven = text.role !== 'answer'
    const shown = textOf(text.parts).padStart(width)
    if (bad.has(cell)) return paint('wrong', `${isGiven ? '!' : '×'}${shown}`)
    return isGiven ? paint('given', ` ${shown}`) : paint('answer', `·${shown}`)
  }
  const isLastInBox = (col: number) => col === cols - 1 || isHeavy(col, col + 1)
  const line = (ends: string, cell: (col: number) => string, gap: string) => {
    const [left, middle, right] = ends
    const parts = Array.from({ length: cols }, (_, col) => {
      const end = isLastInBox(col) ? gap + (col === cols - 1 ? right : middle) : ''
      return cell(col) + end
    })
    return left + parts.join('')
  }
  const rule = (ends: string) => line(ends, () => '─'.repeat(width + 1), '─')
  const lines = [rule('┌┬┐')]
  for (let row = 0; row < rows; row++) {
    if (row > 0 && isHeavy((row - 1) * cols, row * cols)) lines.push(rule('├┼┤'))
    lines.push(line('│││', (col) => digit(row * cols + col), ' '))
  }
  return [...lines, rule('└┴┘')].join('\n')
}
