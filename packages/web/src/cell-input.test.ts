import { describe, expect, it } from 'vitest'
import { CellClicks, CellTyping, cellAfterKey, historyKey, isWriting } from './cell-input.ts'
import { emptyBoard } from './puzzle.ts'
import { clueSheet, type Sheet } from './sheet.ts'

/** A key press, as far as the grid looks at it. */
function press(
  key: string,
  timeStamp = 0,
  held: { ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean; altKey?: boolean } = {},
): KeyboardEvent {
  return { key, timeStamp, ctrlKey: false, metaKey: false, altKey: false, ...held } as KeyboardEvent
}

const blank = (kind: string) => clueSheet(emptyBoard(kind))

function cellTexts(sheet: Sheet): string[] {
  const { kind, puzzle } = sheet.board
  return kind.toPicture(puzzle).cells.map((_, cell) => sheet.textOf(cell))
}

describe('keys that move', () => {
  const board = emptyBoard('sudoku')
  it.each([
    ['ArrowRight', {}, 13, 14],
    ['ArrowRight', {}, 17, 17],
    ['ArrowUp', {}, 13, 4],
    ['ArrowUp', {}, 4, 4],
    ['ArrowDown', {}, 80, 80],
    ['Home', {}, 13, 9],
    ['End', {}, 13, 17],
    ['Home', { ctrlKey: true }, 13, 0],
    ['End', { ctrlKey: true }, 13, 80],
    ['5', {}, 13, undefined],
  ])('%s %j leads from %i to %s', (key, held, from, to) => {
    expect(cellAfterKey(board, from, press(key, 0, held))).toBe(to)
  })
})

it.each([
  ['ArrowLeft', { altKey: true }],
  ['ArrowLeft', { metaKey: true }],
  ['ArrowRight', { ctrlKey: true }],
])('leaves %s with %o to the browser, whose way back it may be', (key, held) => {
  expect(cellAfterKey(emptyBoard('sudoku'), 40, press(key, 0, held))).toBeUndefined()
})

describe('keys that write', () => {
  it('go on with a clue within a moment, and begin anew after it', () => {
    const typing = new CellTyping()
    let board = blank('tapa')
    for (const [key, at] of [
      ['1', 0],
      ['2', 500],
    ] as const)
      board = typing.type(board, 7, press(key, at)) ?? board
    expect(cellTexts(board)[7]).toBe('12')
    board = typing.type(board, 7, press('3', 5000)) ?? board
    expect(cellTexts(board)[7]).toBe('3')
    board = typing.type(board, 7, press('Backspace', 5100)) ?? board
    expect(cellTexts(board)[7]).toBe('.')
  })

  it('begin anew in another cell', () => {
    const typing = new CellTyping()
    let board = blank('nurikabe')
    board = typing.type(board, 0, press('1', 0))!
    board = typing.type(board, 1, press('2', 100))!
    expect(cellTexts(board).slice(0, 2)).toEqual(['1', '2'])
  })

  it('number a room, and take the number away, not the room', () => {
    const typing = new CellTyping()
    let board = blank('heyawake')
    const [room] = cellTexts(board)
    board = typing.type(board, 0, press('3'))!
    expect(cellTexts(board)[0]).toMatch(/3$/)
    board = typing.type(board, 0, press('Delete', 9000))!
    expect(cellTexts(board)[0]).toBe(room)
  })

  it.each(['x', '0', 'Enter', 'F1'])('leave a Sudoku alone at %s', (key) => {
    const board = blank('sudoku')
    const after = new CellTyping().type(board, 3, press(key))
    expect(after ? cellTexts(after) : undefined).toEqual(key === '0' ? cellTexts(board) : undefined)
  })

  it('leave shortcuts to the browser', () => {
    expect(new CellTyping().type(blank('sudoku'), 0, press('1', 0, { ctrlKey: true }))).toBeUndefined()
  })
})

describe('keys that go through edits', () => {
  it.each([
    ['z', { ctrlKey: true }, 'undo'],
    ['Z', { ctrlKey: true, shiftKey: true }, 'redo'],
    ['y', { ctrlKey: true }, 'redo'],
    ['z', {}, undefined],
    ['z', { ctrlKey: true, altKey: true }, undefined],
  ])('%s %j is %s', (key, held, way) => {
    expect(historyKey(press(key, 0, held))).toBe(way)
  })

  it('tells keys that mean to write from those that do not', () => {
    expect(['x', 'Enter', 'F1'].map((key) => isWriting(press(key)))).toEqual([true, false, false])
    expect(isWriting(press('v', 0, { ctrlKey: true }))).toBe(false)
  })
})

describe('clicks', () => {
  it('go to a cell first, then through what it may hold', () => {
    const clicks = new CellClicks()
    const board = blank('lightup')
    clicks.press(3, undefined)
    expect(clicks.click(board, 3)).toBeUndefined()
    clicks.press(3, 3)
    const walled = clicks.click(board, 3)!
    expect(cellTexts(walled)[3]).toBe('x')
    clicks.press(4, 3)
    expect(clicks.click(walled, 4)).toBeUndefined()
    // Assistive technology may click without a pointer: it goes there, and writes nothing.
    expect(clicks.click(walled, 3)).toBeUndefined()
  })
})
