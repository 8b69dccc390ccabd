/** A kind that the element has never heard of is drawn, told, coloured and written on as the others are. */
import { type AnyKind, cellLabels, drawSvgFragment, kinds } from '@ptrm/puzzles'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pairs as ofSources } from '../../puzzles/test/pairs.ts'
import { miniBoard } from '../demo/mini.ts'
import { CellClicks, CellTyping } from './cell-input.ts'
import { gridView } from './grid-view.ts'
import { emptyBoard, readOne } from './puzzle.ts'
import { clueSheet } from './sheet.ts'
import { pictureStyles } from './styles.ts'
import type { Writer } from './writer.ts'

// To the compiler, classes of the sources are not those of the built package.
const pairs = ofSources as unknown as AnyKind
const registry = kinds as Map<string, AnyKind>
beforeAll(() => void registry.set(pairs.name, pairs))
afterAll(() => void registry.delete(pairs.name))

const key = (name: string) => ({ key: name, timeStamp: 0 }) as KeyboardEvent

it('is read and drawn', () => {
  const board = readOne(pairs.examples[0].text, 'sudoku')
  expect(board.kind).toBe(pairs)
  const writer = { cursor: 0 } as Writer
  const view = { board, answer: undefined, violations: [], writer, readonly: false, hint: pairs.editing.hint }
  expect(gridView(view).values).toEqual(expect.arrayContaining(['pairs', 2, pairs.editing.hint]))
  const fragment = drawSvgFragment(pairs.toPicture(pairs.parse(pairs.examples[0].text)))
  for (const [, name] of fragment.matchAll(/class="(?!ptrm-)([^"]+)"/g))
    expect(pictureStyles.cssText).toMatch(new RegExp(`\\.${name}[\\s,{]`))
  expect(miniBoard(board).picture.cells).toHaveLength(4)
})

it('is written on by keys and clicks', () => {
  let sheet = clueSheet(emptyBoard('pairs'))
  sheet = new CellTyping().type(sheet, 1, key('<'))!
  expect(cellLabels(pairs.toPicture(sheet.board.puzzle as never))[1]).toBe('row 1, column 2: closed')
  expect(new CellTyping().type(sheet, 1, key('5'))).toBeUndefined()
  sheet = new CellTyping().type(sheet, 1, key('Delete'))!
  expect(sheet.board).toEqual(emptyBoard('pairs'))
  const clicks = new CellClicks()
  clicks.press(2, 2)
  expect(clicks.click(sheet, 2)!.textOf(2)).toBe('<')
})
