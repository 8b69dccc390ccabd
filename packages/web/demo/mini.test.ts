import { expect, it } from 'vitest'
import { readOne } from '../src/puzzle.ts'
import { changedCells, miniBoard } from './mini.ts'

const board = readOne('tapa\n. .\n. .', 'tapa')
const tokens = (...cells: number[]) => board.kind.encodeAnswer(board.puzzle, Uint8Array.from(cells))

it('knows which cells changed, wherever they stand among the tokens', () => {
  const before = miniBoard(board, tokens(1, 2, 1, 2)).picture
  expect(changedCells(before, before)).toEqual(new Set())
  expect(changedCells(before, miniBoard(board, tokens(1, 1, 2, 2)).picture)).toEqual(new Set([1, 2]))
})

it('marks what is wrong of an answer, and nothing without one', () => {
  expect(miniBoard(board).bad.size).toBe(0)
  expect(miniBoard(board, tokens(2, 2, 2, 2)).bad).toEqual(new Set([0, 1, 2, 3]))
})
