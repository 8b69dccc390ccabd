/** The SVG frame of every pencil kind: paper, grid, marks of violations; dark on dark screens, black on white in print. */

import type { GridSize } from '../board/board.ts'
import type { Violation } from '../kind.ts'

/** Side of a cell in user units. */
export const CELL = 40
const MARGIN = 4

/** A cell's square: its corner and its middle. */
export interface Square {
  readonly x: number
  readonly y: number
  readonly middleX: number
  readonly middleY: number
}

export interface SvgBoard extends GridSize {
  /** The kind's name, which scopes the style. */
  readonly kind: string
  readonly title: string
  readonly violations?: readonly Violation[] | undefined
  /** What lies under the grid lines of a cell (fills), as SVG. */
  readonly under: (cell: number, square: Square) => string
  /** What lies over them (numbers, bulbs), as SVG. */
  readonly over: (cell: number, square: Square) => string
  /** Whether the line between two neighbouring cells is a thick one. */
  readonly isHeavy?: ((cell: number, other: number) => boolean) | undefined
}

/** Colours by class: screen in light, screen in dark, print. Shared by all kinds, so that pictures match. */
const COLOURS: Readonly<
  Record<string, readonly [property: string, light: string, dark: string, print: string]>
> = {
  paper: ['fill', '#fff', '#16181d', '#fff'],
  thin: ['stroke', '#a3a8b0', '#5a606b', '#777'],
  thick: ['stroke', '#111', '#e8eaee', '#000'],
  wall: ['fill', '#16181d', '#d5d8de', '#000'],
  'on-wall': ['fill', '#fff', '#16181d', '#fff'],
  clue: ['fill', '#111', '#f4f5f7', '#000'],
  shade: ['fill', '#4a5568', '#9aa5b8', '#555'],
  dot: ['fill', '#2f7d4f', '#6fcf97', '#000'],
  lit: ['fill', '#fff6cc', '#4a4215', '#fff'],
  bulb: ['fill', '#e0a100', '#ffd24a', '#000'],
  'bad-fill': ['fill', '#fbd5d5', '#5b1f27', '#ddd'],
  'bad-gap': ['stroke', '#fff', '#16181d', '#fff'],
  'bad-line': ['stroke', '#c00020', '#ff6b7a', '#000'],
}

/** A self-contained SVG document. */
export function drawSvg(board: SvgBoard): string {
  const { rows, cols, kind, under, over } = board
  const width = cols * CELL + 2 * MARGIN
  const height = rows * CELL + 2 * MARGIN
  const bad = [...new Set((board.violations ?? []).flatMap(({ cells }) => cells))]
  const all = Array.from({ length: rows * cols }, (_, cell) => cell)
  const square = (cell: number) => squareOf(board, cell)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" class="ptrm-${kind}">`,
    `<title>${escapeXml(board.title)}</title><style>${style(`.ptrm-${kind}`)}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...bad.map((cell) => fillSquare('bad-fill', square(cell))),
    ...all.map((cell) => under(cell, square(cell))),
    gridLines(board),
    ...all.map((cell) => over(cell, square(cell))),
    ...bad.map((cell) => markSquare(square(cell))),
    '</svg>\n',
  ]
    .filter(Boolean)
    .join('\n')
}

export function fillSquare(className: string, { x, y }: Square): string {
  return `<rect class="${className}" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>`
}

/** Text in the middle of a square, moved by (dx, dy) cells. */
export function writeText(
  className: string,
  { middleX, middleY }: Square,
  text: string,
  { size = 22, dx = 0, dy = 0 }: { size?: number; dx?: number; dy?: number } = {},
): string {
  // The baseline is moved by hand: not every renderer knows dominant-baseline.
  const y = middleY + dy * CELL + size * 0.36
  return `<text class="${className}" x="${middleX + dx * CELL}" y="${y.toFixed(1)}" font-size="${size}">${escapeXml(text)}</text>`
}

/** The small dot that says "decided, stays white". */
export function dot({ middleX, middleY }: Square): string {
  return `<circle class="dot" cx="${middleX}" cy="${middleY}" r="3.5"/>`
}

function squareOf({ cols }: GridSize, cell: number): Square {
  const x = MARGIN + (cell % cols) * CELL
  const y = MARGIN + Math.floor(cell / cols) * CELL
  return { x, y, middleX: x + CELL / 2, middleY: y + CELL / 2 }
}

/** A frame inside the square, its dashes parted by paper: visible on white, on shade and on walls, and in print. */
function markSquare({ x, y }: Square): string {
  const frame = `x="${x + 3}" y="${y + 3}" width="${CELL - 6}" height="${CELL - 6}"`
  return `<rect class="bad-gap" ${frame}/><rect class="bad-line" ${frame}/>`
}

function gridLines({ rows, cols, isHeavy = () => false }: SvgBoard): string {
  const [right, bottom] = [MARGIN + cols * CELL, MARGIN + rows * CELL]
  let thin = ''
  let thick = `M${MARGIN} ${MARGIN}H${right}V${bottom}H${MARGIN}Z`
  for (let row = 1; row < rows; row++) thin += `M${MARGIN} ${MARGIN + row * CELL}H${right}`
  for (let col = 1; col < cols; col++) thin += `M${MARGIN + col * CELL} ${MARGIN}V${bottom}`
  for (let cell = 0; cell < rows * cols; cell++) {
    const { x, y } = squareOf({ rows, cols }, cell)
    if (cell % cols > 0 && isHeavy(cell - 1, cell)) thick += `M${x} ${y}v${CELL}`
    if (cell >= cols && isHeavy(cell - cols, cell)) thick += `M${x} ${y}h${CELL}`
  }
  return `<path class="thin" d="${thin}"/>\n<path class="thick" d="${thick}"/>`
}

// Scoped, as the style of an SVG inside a page holds for all of the page. Dark is for screens, never for paper.
function style(scope: string): string {
  const rules = (index: 1 | 2 | 3) =>
    Object.entries(COLOURS)
      .map(([name, entry]) => `${scope} .${name}{${entry[0]}:${entry[index]}}`)
      .join('')
  return [
    `${scope} text{font-family:ui-sans-serif,system-ui,sans-serif;font-weight:600;text-anchor:middle}`,
    `${scope} path{fill:none}${scope} .thin{stroke-width:1}${scope} .thick{stroke-width:3;stroke-linecap:square}`,
    `${scope} .bad-gap,${scope} .bad-line{fill:none;stroke-width:2.5}${scope} .bad-line{stroke-dasharray:5 3}`,
    rules(1),
    `@media screen and (prefers-color-scheme:dark){${rules(2)}}`,
    `@media print{${rules(3)}}`,
  ].join('\n')
}

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
