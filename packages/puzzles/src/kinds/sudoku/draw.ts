/** Pictures of a Sudoku: box drawing for a terminal, SVG for pages and print. */

import type { DrawSvgOptions, DrawTextOptions } from '../../kind.ts'
import { badCells, painter } from '../../picture/paint.ts'
import type { SudokuAnswer, SudokuPuzzle } from './board.ts'

/**
 * Givens stand alone, answers carry a dot (`·5`); where a cell breaks a rule, a given carries an exclamation mark (`!5`)
 * and an answer a cross (`×5`), so that the picture reads without colour too. Without an answer and violations it parses
 * back as the puzzle.
 */
export function toText(
  { givens }: SudokuPuzzle,
  answer?: SudokuAnswer,
  options: DrawTextOptions = {},
): string {
  const bad = badCells(options.violations)
  const paint = painter(options)
  const cell = (index: number) => {
    const { digit, isGiven } = cellAt(givens, answer, index)
    if (digit === 0) return paint('dim', ' .')
    if (bad.has(index)) return paint('wrong', isGiven ? `!${digit}` : `×${digit}`)
    return isGiven ? paint('given', ` ${digit}`) : paint('answer', `·${digit}`)
  }
  const rule = (left: string, middle: string, right: string) =>
    left + Array(3).fill('───────').join(middle) + right
  const lines = [rule('┌', '┬', '┐')]
  for (let row = 0; row < 9; row++) {
    if (row === 3 || row === 6) lines.push(rule('├', '┼', '┤'))
    const boxes = [0, 3, 6].map((from) => [0, 1, 2].map((i) => cell(row * 9 + from + i)).join(''))
    lines.push(`│${boxes.map((box) => `${box} `).join('│')}│`)
  }
  lines.push(rule('└', '┴', '┘'))
  return lines.join('\n')
}

const SIZE = 40
const MARGIN = 4
// Scoped, as the style of an SVG inside a page holds for all of the page. Dark is for screens, never for paper.
const STYLE = `
  .ptrm-sudoku .paper{fill:#fff}
  .ptrm-sudoku .bad{fill:#fbd5d5}
  .ptrm-sudoku .thin{stroke:#999;stroke-width:1}
  .ptrm-sudoku .thick{stroke:#111;stroke-width:3;stroke-linecap:square}
  .ptrm-sudoku text{font:24px ui-sans-serif,system-ui,sans-serif;text-anchor:middle}
  .ptrm-sudoku .given{fill:#111;font-weight:700}
  .ptrm-sudoku .answer{fill:#1d5fbf}
  .ptrm-sudoku .wrong{fill:#b00020}
  @media screen and (prefers-color-scheme:dark){
    .ptrm-sudoku .paper{fill:#16181d}
    .ptrm-sudoku .bad{fill:#5b1f27}
    .ptrm-sudoku .thin{stroke:#5a606b}
    .ptrm-sudoku .thick{stroke:#e8eaee}
    .ptrm-sudoku .given{fill:#f4f5f7}
    .ptrm-sudoku .answer{fill:#7db4ff}
    .ptrm-sudoku .wrong{fill:#ff9aa5}}
  @media print{
    .ptrm-sudoku .bad{fill:#ddd}
    .ptrm-sudoku .thin{stroke:#777}
    .ptrm-sudoku .thick{stroke:#000}
    .ptrm-sudoku text[class]{fill:#000}}`

/** A self-contained SVG document; follows the reader's light or dark scheme, prints black on white. */
export function toSvg({ givens }: SudokuPuzzle, answer?: SudokuAnswer, options: DrawSvgOptions = {}): string {
  const bad = badCells(options.violations)
  const side = 9 * SIZE + 2 * MARGIN
  const at = (index: number) => MARGIN + index * SIZE
  const shades = [...bad].map(
    (cell) =>
      `<rect class="bad" x="${at(cell % 9)}" y="${at(Math.floor(cell / 9))}" width="${SIZE}" height="${SIZE}"/>`,
  )
  const line = (i: number) => {
    const [from, to, here, cls] = [at(0), at(9), at(i), i % 3 === 0 ? 'thick' : 'thin']
    return `<path class="${cls}" d="M${from} ${here}H${to}M${here} ${from}V${to}"/>`
  }
  const thinFirst = [1, 2, 4, 5, 7, 8, 0, 3, 6, 9].map(line)
  const digits = Array.from(givens, (_, cell) => {
    const { digit, isGiven } = cellAt(givens, answer, cell)
    if (digit === 0) return ''
    const cls = (isGiven ? 'given' : 'answer') + (bad.has(cell) ? ' wrong' : '')
    return `<text class="${cls}" x="${at(cell % 9) + SIZE / 2}" y="${at(Math.floor(cell / 9)) + SIZE / 2}" dy=".36em">${digit}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" role="img" class="ptrm-sudoku">`,
    `<title>${escapeXml(options.title ?? 'Sudoku')}</title><style>${STYLE}</style>`,
    `<rect class="paper" width="${side}" height="${side}"/>`,
    ...shades,
    ...thinFirst,
    ...digits.filter(Boolean),
    '</svg>\n',
  ].join('\n')
}

interface Shown {
  readonly digit: number
  readonly isGiven: boolean
}

/** What a cell shows: where an answer changes a given, the answer, or its mistake would stay hidden. */
function cellAt(givens: Uint8Array, answer: SudokuAnswer | undefined, cell: number): Shown {
  const digit = answer?.[cell] || givens[cell]!
  return { digit, isGiven: digit !== 0 && digit === givens[cell] }
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
