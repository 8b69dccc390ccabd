import { expect, it } from 'vitest'
import { EditHistory } from './edit-history.ts'
import { emptyBoard } from './puzzle.ts'
import { clueSheet, type Sheet } from './sheet.ts'

const [one, two, three] = ['sudoku', 'tapa', 'lightup'].map((kind) => clueSheet(emptyBoard(kind))) as [
  Sheet,
  Sheet,
  Sheet,
]

it('goes back and forward, and forgets what lay ahead at the next edit', () => {
  const history = new EditHistory()
  expect(history.undo(one)).toBeUndefined()
  history.leave(one)
  history.leave(two)
  expect(history.undo(three)).toBe(two)
  expect(history.undo(two)).toBe(one)
  expect([history.canUndo, history.canRedo]).toEqual([false, true])
  expect(history.redo(one)).toBe(two)
  history.leave(two)
  expect(history.redo(one)).toBeUndefined()
  expect(history.undo(one)).toBe(two)
  history.forget()
  expect([history.canUndo, history.canRedo]).toEqual([false, false])
})
