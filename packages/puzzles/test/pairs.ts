/**
 * A made-up seventh kind, so small that it shows all that a kind must say: shade one cell in each row and one in each
 * column, never one with a `<`.
 *
 * Tokens: 0 outside the board; answers 1 unshaded, 2 shaded; input 3 blank, 4 `<`.
 */
import type { GridAnswer, GridPuzzle } from '../src/board/board.ts'
import { gridKind } from '../src/board/grid-kind.ts'
import { clueFace, SHADED, SHADING_SPELLING, shadingFace } from '../src/board/shading.ts'
import type { Kind, Violation } from '../src/kind.ts'
import { errorIn, type Piece } from '../src/notation/piece.ts'
import { Body } from '../src/notation/url-body.ts'
import { readBits, writeBits } from '../src/notation/url-numbers.ts'

export interface PairsPuzzle extends GridPuzzle {
  readonly kind: 'pairs'
  /** Shape [rows * cols]: 1 where a `<` stands. */
  readonly clues: Uint8Array
}

export const pairs: Kind<PairsPuzzle, GridAnswer> = gridKind<PairsPuzzle>({
  name: 'pairs',
  title: 'Pairs & more',
  examples: [{ text: 'https://puzz.link/p?pairs/2/2/g', answer: '-#/#.' }],
  urlNames: ['pairs'],
  answers: { ...SHADING_SPELLING, wantsAnswer: ({ clues }, cell) => clues[cell] === 0 },
  tokens: 5,
  readBody: ({ rows, cols, body }) => {
    const from = new Body(body)
    const clues = readBits(from, rows * cols, 'cells')
    from.end(`its ${rows * cols} cells`)
    return { kind: 'pairs', rows, cols, clues }
  },
  writeBody: ({ clues }) => writeBits(clues),
  readGrid: (rows) => ({
    kind: 'pairs',
    rows: rows.length,
    cols: rows[0]!.length,
    clues: Uint8Array.from(rows.flat(), readCell),
  }),
  cellText: ({ clues }, cell) => (clues[cell] === 1 ? '<' : '.'),
  token: ({ clues }, cell) => 3 + clues[cell]!,
  broken,
  isSolved: (puzzle, answer) => broken(puzzle, answer).length === 0,
  faces:
    ({ clues }, answer) =>
    (cell) =>
      clues[cell] === 1 ? { ...clueFace(['<']), words: 'closed' } : shadingFace(answer?.[cell]),
  isHeavy: (_puzzle, cell, other) => other === cell + 1,
  saved: {
    pzprv3: {
      lines: ({ rows }) => rows,
      read: (board) => ({
        kind: 'pairs',
        rows: board.rows,
        cols: board.cols,
        clues: Uint8Array.from(board.cells(), readCell),
      }),
    },
  },
  editing: { hint: '< closes a cell', choices: () => ['.', '<'] },
})

function readCell(piece: Piece): number {
  if (piece.text === '.') return 0
  if (piece.text === '<') return 1
  throw errorIn(piece, 0, `unexpected '${piece.text}'; expected '.' or '<'`)
}

function broken({ rows, cols, clues }: PairsPuzzle, answer: GridAnswer): Violation[] {
  const line = (length: number, cell: (i: number) => number) => Array.from({ length }, (_, i) => cell(i))
  const lines = [
    ...Array.from({ length: rows }, (_, row) => line(cols, (i) => row * cols + i)),
    ...Array.from({ length: cols }, (_, col) => line(rows, (i) => i * cols + col)),
  ]
  return lines.flatMap((cells) => {
    const open = cells.filter((cell) => clues[cell] === 0)
    const shaded = open.filter((cell) => answer[cell] === SHADED)
    if (shaded.length > 1) return [{ rule: 'two shaded cells in a line', cells: shaded }]
    const canHold = open.some((cell) => answer[cell] === SHADED || answer[cell] === 0)
    return canHold ? [] : [{ rule: 'no shaded cell in a line', cells }]
  })
}
