/** Pictures as SVG: a document that brings its own colours, or markup for a page that has rules for it. */
import type { GridSize } from '../board/board.ts'
import type { DrawSvgOptions } from '../kind.ts'
import { badCells, type Violation } from '../violation.ts'
import { type ColourRole, PALETTE, type Scheme } from './palette.ts'
import type { CellFace, Ground, Mark, Picture } from './picture.ts'
import { BASELINE, type Point, spread, TRIANGLES } from './shapes.ts'

/** Side of a cell, and what is left around the board, in user units. */
const CELL = 40
const MARGIN = 4
/** Font size of digits that fill cells; clues are smaller. */
const DIGIT_SIZE = 24

/** What each class paints, with which colour. Those that lead stand last. */
const COLOURS: readonly (readonly [name: string, property: 'fill' | 'stroke', role: ColourRole])[] = [
  ['paper', 'fill', 'paper'],
  ['thin', 'stroke', 'line'],
  ['thick', 'stroke', 'ink'],
  ['wall', 'fill', 'ink'],
  ['on-wall', 'fill', 'paper'],
  ['clue', 'fill', 'ink'],
  ['given', 'fill', 'ink'],
  ['answer', 'fill', 'accent'],
  ['wrong', 'fill', 'wrong'],
  ['shade', 'fill', 'shade'],
  ['dot', 'fill', 'accent'],
  ['lit', 'fill', 'lit'],
  ['bulb', 'fill', 'bulb'],
  ['bad-fill', 'fill', 'wrong-fill'],
  ['bad-gap', 'stroke', 'paper'],
  ['bad-line', 'stroke', 'wrong'],
]

/** A self-contained document: dark on dark screens, black on white in print. */
export function drawSvg(picture: Picture, options: DrawSvgOptions & { readonly title: string }): string {
  const { width, height } = sizeOf(picture)
  const scope = scopeOf(picture)
  const colours = (scheme: Scheme) => boardColours(`.${scope}`, (role) => PALETTE[role][scheme])
  // Scoped, as the style of an SVG inside a page holds for all of the page. Dark is for screens, never for paper.
  const style = [
    boardShapes(`.${scope}`),
    colours('light'),
    `@media screen and (prefers-color-scheme:dark){${colours('dark')}}`,
    `@media print{${colours('print')}}`,
  ].join('\n')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" class="${scope}">`,
    `<title>${escapeXml(options.title)}</title><style>${style}</style>`,
    ...layers(picture, options.violations),
    '</svg>\n',
  ].join('\n')
}

/**
 * The same as markup for a page that holds {@link boardShapes} and {@link boardColours}: no style element, which strict
 * policies forbid, no size, and hidden from screen readers, which are told its cells by `cellLabels`.
 */
export function drawSvgFragment(picture: Picture, violations: readonly Violation[] = []): string {
  const { width, height } = sizeOf(picture)
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false" class="${scopeOf(picture)}">`
  return [open, ...layers(picture, violations), '</svg>'].join('\n')
}

/** How far the board lies inside its picture, in percent of the picture's sides: for what is laid over it. */
export function insetOf({ rows, cols }: GridSize): { readonly x: number; readonly y: number } {
  const { width, height } = sizeOf({ rows, cols })
  return { x: (100 * MARGIN) / width, y: (100 * MARGIN) / height }
}

/** CSS for everything inside `scope` but colours. */
export function boardShapes(scope: string): string {
  return [
    `${scope} text{font-family:ui-sans-serif,system-ui,sans-serif;font-weight:600;text-anchor:middle}`,
    `${scope} .given{font-weight:700}${scope} .answer{font-weight:400}`,
    `${scope} path{fill:none}${scope} .thin{stroke-width:1}${scope} .thick{stroke-width:3;stroke-linecap:square}`,
    `${scope} .bad-gap,${scope} .bad-line{fill:none;stroke-width:2.5}${scope} .bad-line{stroke-dasharray:5 3}`,
  ].join('\n')
}

/** CSS for the colours inside `scope`; `colour` says them as CSS values. */
export function boardColours(scope: string, colour: (role: ColourRole) => string): string {
  return COLOURS.map(([name, property, role]) => `${scope} .${name}{${property}:${colour(role)}}`).join('')
}

function scopeOf({ kind }: Picture): string {
  return `ptrm-${kind}`
}

function sizeOf({ rows, cols }: GridSize): { readonly width: number; readonly height: number } {
  return { width: cols * CELL + 2 * MARGIN, height: rows * CELL + 2 * MARGIN }
}

/** From the paper up: tints of broken rules, grounds, lines, texts and signs, frames of broken rules. */
function layers(picture: Picture, violations: readonly Violation[] = []): string[] {
  const { width, height } = sizeOf(picture)
  const bad = badCells(violations)
  const { cells, filledWith } = picture
  const square = (cell: number) => squareOf(picture, cell)
  return [
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...[...bad].map((cell) => fillSquare('bad-fill', square(cell))),
    ...cells.map(({ ground }, cell) =>
      ground === 'lit' && bad.has(cell) ? '' : fillGround(ground, square(cell)),
    ),
    gridLines(picture),
    ...cells.map((face, cell) => writeFace(face, square(cell), filledWith === 'digits' && bad.has(cell))),
    ...(filledWith === 'shapes' ? [...bad].map((cell) => frameSquare(square(cell))) : []),
  ].filter(Boolean)
}

function squareOf({ cols }: GridSize, cell: number): Point {
  return [MARGIN + (cell % cols) * CELL, MARGIN + Math.floor(cell / cols) * CELL]
}

function fillSquare(className: string, [x, y]: Point): string {
  return `<rect class="${className}" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>`
}

function fillGround(ground: Ground, square: Point): string {
  const corners = TRIANGLES[ground]
  if (!corners) return ground === 'paper' ? '' : fillSquare(ground, square)
  const points = corners.map(([x, y]) => `${square[0] + x * CELL},${square[1] + y * CELL}`).join(' ')
  return `<polygon class="wall" points="${points}"/>`
}

function writeFace({ ground, text, mark }: CellFace, square: Point, isWrong: boolean): string {
  const sign = mark ? drawMark(mark, square, text ? 0.8 : 0.5) : ''
  if (!text) return sign
  const { size, at } = spread(text.parts)
  const isClue = text.role === 'clue'
  const onDark = ground === 'wall' || ground === 'shade'
  const className = (isClue && onDark ? 'on-wall' : text.role) + (isWrong ? ' wrong' : '')
  const fontSize = isClue ? units(size) : DIGIT_SIZE
  const numbers = text.parts.map((part, i) => writeText(className, square, at[i]!, part, fontSize))
  return numbers.join('') + sign
}

function writeText(
  className: string,
  [left, top]: Point,
  [dx, dy]: Point,
  text: string,
  size: number,
): string {
  const x = left + units(0.5 + dx)
  const y = top + units(0.5 + dy) + size * BASELINE
  return `<text class="${className}" x="${x}" y="${y.toFixed(1)}" font-size="${size}">${escapeXml(text)}</text>`
}

/** A bulb in the middle; a dot as far from the upper left corner as `at` says, in cells. */
function drawMark(mark: Mark, [x, y]: Point, at: number): string {
  if (mark === 'bulb') return `<circle class="bulb" cx="${x + CELL / 2}" cy="${y + CELL / 2}" r="12"/>`
  return `<circle class="dot" cx="${x + units(at)}" cy="${y + units(at)}" r="3.5"/>`
}

/** A part of a cell's side in user units, without the dust of binary fractions. */
function units(part: number): number {
  return Math.round(part * CELL * 100) / 100
}

/** A frame inside the square, its dashes parted by paper: visible on white, on shade and on walls, and in print. */
function frameSquare([x, y]: Point): string {
  const frame = `x="${x + 3}" y="${y + 3}" width="${CELL - 6}" height="${CELL - 6}"`
  return `<rect class="bad-gap" ${frame}/><rect class="bad-line" ${frame}/>`
}

function gridLines({ rows, cols, isHeavy = () => false }: Picture): string {
  const [right, bottom] = [MARGIN + cols * CELL, MARGIN + rows * CELL]
  let thin = ''
  let thick = `M${MARGIN} ${MARGIN}H${right}V${bottom}H${MARGIN}Z`
  for (let row = 1; row < rows; row++) thin += `M${MARGIN} ${MARGIN + row * CELL}H${right}`
  for (let col = 1; col < cols; col++) thin += `M${MARGIN + col * CELL} ${MARGIN}V${bottom}`
  for (let cell = 0; cell < rows * cols; cell++) {
    const [x, y] = squareOf({ rows, cols }, cell)
    if (cell % cols > 0 && isHeavy(cell - 1, cell)) thick += `M${x} ${y}v${CELL}`
    if (cell >= cols && isHeavy(cell - cols, cell)) thick += `M${x} ${y}h${CELL}`
  }
  return `<path class="thin" d="${thin}"/>\n<path class="thick" d="${thick}"/>`
}

/** Characters that no XML may hold, however they are written: one of them, and no reader opens the picture. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text as XML and HTML take it, between tags and in double quotes; characters that XML can't hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
