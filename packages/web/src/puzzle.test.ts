import { kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../test/samples.ts'
import { cellLabels, cellTexts, clearedCell, emptyBoard, readAll, readOne, withCell } from './puzzle.ts'

describe('readOne', () => {
  it('reads a bare grid as the kind given, and a URL as its own', () => {
    expect(readOne('.'.repeat(81), 'sudoku').kind.name).toBe('sudoku')
    expect(readOne(SAMPLES.lightup.url, 'sudoku').kind.name).toBe('lightup')
  })

  it('names place and reason of what it cannot read', () => {
    expect(() => readOne('12345', 'sudoku')).toThrow(/:1:\d+: /)
    expect(() => readOne('# a comment\n', 'sudoku')).toThrow('found no puzzle')
    expect(() => readOne(`${'.'.repeat(81)}\n${'.'.repeat(81)}`, 'sudoku')).toThrow(/:2:1: found a second/)
  })

  it('leaves the choice among many to the caller', () => {
    const items = readAll(`${SAMPLES.tapa.url}\n12345\n${SAMPLES.sudoku.url}\n`, 'sudoku')
    expect(items.map((item) => ('error' in item ? 'error' : item.kind.name)).sort()).toEqual([
      'error',
      'sudoku',
      'tapa',
    ])
  })
})

describe.each([...kinds.keys()])('a %s board', (name) => {
  const { url, answer } = SAMPLES[name]!

  it('starts empty', () => {
    const { kind, puzzle } = emptyBoard(name)
    expect(kind.name).toBe(name)
    expect(cellTexts({ kind, puzzle })).toHaveLength(kind.size(puzzle).rows * kind.size(puzzle).cols)
  })

  it('can be copied cell by cell through edits', () => {
    const board = readOne(url, name)
    const texts = cellTexts(board)
    let copy = board
    // Rooms can't be taken away one by one, only their numbers.
    for (const [cell, text] of texts.entries()) copy = withCell(copy, cell, clearedCell(copy, text)) ?? copy
    expect(cellTexts(copy)).not.toEqual(texts)
    for (const [cell, text] of texts.entries()) copy = withCell(copy, cell, text)!
    expect(copy.kind.toUrl(copy.puzzle)).toBe(board.kind.toUrl(board.puzzle))
  })

  it('refuses a cell that the kind cannot read', () => {
    expect(withCell(readOne(url, name), 0, '&')).toBeUndefined()
  })

  it('tells each cell in words, with and without an answer', () => {
    const board = readOne(url, name)
    const { rows, cols } = board.kind.size(board.puzzle)
    const blank = cellLabels(board)
    expect(blank).toHaveLength(rows * cols)
    expect(new Set(blank).size).toBe(rows * cols)
    expect(blank.at(-1)).toMatch(new RegExp(`^row ${rows}, column ${cols}: \\w+`))
    const filled = cellLabels(board, board.kind.parseAnswer(board.puzzle, answer), new Set([0]))
    expect(filled.some((label, cell) => label.startsWith(`${blank[cell]}, `))).toBe(true)
    expect(filled[0]).toMatch(/, breaks a rule$/)
    expect(filled.join()).not.toMatch(/[#◣◢◥◤]|undefined/)
  })
})

it('tells clues of two characters, and rooms', () => {
  expect(cellLabels(readOne(SAMPLES.tapa.url, 'tapa'))[2]).toBe('row 1, column 3: given 12')
  expect(cellLabels(readOne(SAMPLES.heyawake.url, 'heyawake'))[0]).toMatch(
    /^row 1, column 1: room \w+, clue 1$/,
  )
})
