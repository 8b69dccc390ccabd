/** Where puzzles of every size stand on models' boards, and that answers come back from there; through whole solvers, too. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tinyModel } from '../../core-wasm/test/tiny-model.ts'
import { BoardTooLargeError } from './errors.ts'
import { createSolver } from './node.ts'
import { cutToPuzzle, placeOnModel } from './placing.ts'

const side = fc.integer({ min: 1, max: 24 })
const size = fc.record({ rows: side, columns: side })
const place = (board: { rows: number; columns: number }, config: Parameters<typeof placeOnModel>[2]) => {
  const tokens = Uint8Array.from({ length: board.rows * board.columns }, (_, cell) => 1 + (cell % 200))
  return { tokens, placed: placeOnModel('tapa', { ...board, tokens }, config) }
}

describe('placeOnModel', () => {
  it('puts a board at the top left, zeros around it, and gives it back', () => {
    fc.assert(
      fc.property(size, size, ({ rows, columns }, leastBoard) => {
        const { tokens, placed } = place({ rows, columns }, { seqLen: undefined, leastBoard })
        const { board, size } = placed
        expect(size).toEqual({ rows, columns })
        expect(board.rows).toBe(Math.max(rows, leastBoard.rows))
        expect(board.columns).toBe(Math.max(columns, leastBoard.columns))
        expect(board.tokens).toHaveLength(board.rows * board.columns)
        for (const [place, token] of board.tokens.entries()) {
          const [row, column] = [Math.floor(place / board.columns), place % board.columns]
          expect(token).toBe(row < rows && column < columns ? tokens[row * columns + column] : 0)
        }
        expect(cutToPuzzle(board.tokens, board, size)).toEqual(tokens)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('takes a board as it is where the model takes any', () => {
    for (const [rows, columns] of [
      [1, 1],
      [1, 24],
      [50, 50],
    ] as const) {
      const { tokens, placed } = place({ rows, columns }, { seqLen: undefined })
      expect(placed.board).toEqual({ rows, columns, tokens })
      expect(placed.board.tokens).toBe(tokens)
      expect(cutToPuzzle(tokens, placed.board, placed.size)).toBe(tokens)
    }
  })

  it.each([
    ['the square of its length', { seqLen: 100 }, 10, 10],
    ['the board that it names', { seqLen: 180, leastBoard: { rows: 12, columns: 15 } }, 12, 15],
  ])('puts boards on %s, and refuses larger ones', (_, config, rows, columns) => {
    expect(place({ rows, columns }, config).placed.board).toMatchObject({ rows, columns })
    expect(place({ rows: 1, columns: 1 }, config).placed.board).toMatchObject({ rows, columns })
    for (const found of [
      { rows: rows + 1, columns: 1 },
      { rows: 1, columns: columns + 1 },
    ]) {
      const refused = expect(() => place(found, config))
      refused.toThrow(BoardTooLargeError)
      refused.toThrow(
        `a tapa board of ${found.rows} rows x ${found.columns} columns: this model takes boards of at most ${rows}x${columns}`,
      )
    }
  })
})

const TAPA = { kind: 'tapa', vocab_size: 46, answer_tokens: [1, 2], seq_len: 225 }
const model = tinyModel({ config: TAPA })
/** A board of so many rows and columns with two clues. */
const puzzle = (rows: number, columns: number) =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      row === 0 && column % 4 === 0 && rows * columns > 1 ? '?' : '.',
    ).join(' '),
  ).join('\n')

describe.each(['wasm', 'onnx-cpu'] as const)('a solver on %s', (backend) => {
  it('solves puzzles of many sizes side by side, each in its own', async () => {
    const solver = await createSolver<'tapa'>({ model, backend, workers: 1 })
    const sizes = [
      [6, 6],
      [15, 15],
      [9, 5],
      [1, 15],
      [1, 1],
    ] as const
    const steps: number[][] = sizes.map(() => [])
    const results = await Promise.all(
      sizes.map(([rows, columns], i) =>
        solver.solve(puzzle(rows, columns), {
          ...{ rollouts: 2, steps: 2, stop: 'all', seed: 3 },
          onEvent: (event) => {
            if (event.type === 'step') steps[i]!.push(event.tokens.length)
          },
        }),
      ),
    )
    for (const [i, [rows, columns]] of sizes.entries()) {
      const { candidates, answer } = results[i]!
      expect(candidates.map(({ tokens }) => tokens.length)).toEqual([rows * columns, rows * columns])
      expect(new Set(steps[i])).toEqual(new Set([rows * columns]))
      expect(answer).toHaveLength(rows * columns)
    }
    await solver.close()
  }, 60_000)

  it('names the bundled model that takes a board which another does not', async () => {
    const solver = await createSolver({ model: 'heyawake', backend, workers: 1 })
    const wide = 'https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h'
    await expect(solver.solve(wide)).rejects.toThrow(
      'a heyawake board of 4 rows x 11 columns: heyawake-2 takes boards of at most 10x10; the bundled heyawake-3 takes it',
    )
    await solver.close()
  }, 60_000)

  it('names what the model takes where a puzzle is larger, and goes on', async () => {
    const solver = await createSolver({ model, backend, workers: 1 })
    const refused = expect(solver.solve(puzzle(16, 2))).rejects
    await refused.toThrow('a tapa board of 16 rows x 2 columns: this model takes boards of at most 15x15')
    await expect(solver.solve(puzzle(16, 2))).rejects.toThrow(BoardTooLargeError)
    const { answer } = await solver.solve(puzzle(2, 2), { rollouts: 1, steps: 1 })
    expect(answer).toHaveLength(4)
    await solver.close()
  }, 60_000)
})
