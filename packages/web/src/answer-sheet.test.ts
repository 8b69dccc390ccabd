import { kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { type AnswerSheet, answerSheet, check, hint } from './answer-sheet.ts'
import { readOne } from './puzzle.ts'

const TAPA = readOne('tapa\n3 . .\n. . .\n. . .', 'tapa')
const write = (sheet: AnswerSheet, ...cells: readonly (readonly [cell: number, text: string])[]) =>
  cells.reduce((written, [cell, text]) => written.write(cell, text)!, sheet)

describe('an answer', () => {
  it.each([...kinds.values()])(
    'of $name is written letter by letter, and then right',
    ({ examples, name }) => {
      const board = readOne(examples[0].text, name)
      const wanted = board.kind.encodeAnswer(
        board.puzzle,
        board.kind.parseAnswer(board.puzzle, examples[0].answer),
      )
      const open = board.kind
        .toPicture(board.puzzle)
        .cells.flatMap(({ isOpen }, cell) => (isOpen ? [cell] : []))
      let sheet = answerSheet(board)
      expect(check(sheet).text).toMatch(/^No rule is broken so far/)
      for (const cell of open) {
        const choice = sheet
          .choices(cell)
          .find(({ text }) => text && sheet.write(cell, text)!.tokens[cell] === wanted[cell])!
        sheet = sheet.write(cell, choice.text)!
        expect(sheet.textOf(cell)).toBe(choice.text)
        expect(choice.words).not.toBe('')
      }
      expect(check(sheet)).toEqual({ violations: [], text: 'Right: you solved it.' })
      expect(sheet.cleared()).toMatchObject({ tokens: answerSheet(board).tokens })
    },
  )

  it('takes the number of a letter for the letter, and nothing where a clue stands', () => {
    const sheet = answerSheet(TAPA)
    expect(sheet.write(4, '2')!.textOf(4)).toBe('#')
    expect(sheet.write(4, '#')!.write(4, '')!.textOf(4)).toBe('')
    expect(sheet.write(4, 'x')).toBeUndefined()
    expect(sheet.write(0, '#')).toBeUndefined()
    expect(sheet.choices(0)).toEqual([])
    expect(sheet.hint).toBe('Clicks, or keys 1 to 2, write • ■')
    const sudoku = answerSheet(readOne(`1${'.'.repeat(80)}`, 'sudoku'))
    expect([sudoku.write(0, '2'), sudoku.write(1, '2')!.textOf(1)]).toEqual([undefined, '2'])
  })
})

describe('a check', () => {
  it('marks what is broken, of answers that are not complete as well', () => {
    const sheet = write(answerSheet(readOne('.'.repeat(81), 'sudoku')), [0, '7'], [8, '7'])
    const { violations, text } = check(sheet)
    expect(violations[0]).toEqual({ rule: '7 repeats in row 1', cells: [0, 8] })
    expect(text).toBe('2 cells break a rule: 7 repeats in row 1.')
  })

  it('takes bulbs alone for a whole answer', () => {
    const bulbs = write(answerSheet(readOne('lightup\n. .\n. .', 'lightup')), [0, 'o'], [3, 'o'])
    expect(check(bulbs).text).toBe('Right: you solved it.')
  })
})

describe('a hint', () => {
  const tries = (...answers: number[][]) => answers.map((answer) => Uint8Array.from(answer))

  it('is the one open cell that nearly all tries agree on', () => {
    const sheet = answerSheet(TAPA)
    const said = hint(
      sheet,
      tries(...Array.from({ length: 10 }, (_, i) => [0, 2, 1, 2, i < 4 ? 1 : 2, 2, 1, 1, 1])),
    )
    expect(said.text).toBe('10 of 10 tries agree: row 1, column 2 is shaded.')
    expect(said.cell).toBe(1)
    expect(said.sheet!.textOf(1)).toBe('#')
    expect(said.sheet!.tokens.filter((token) => token > 0)).toHaveLength(1)
  })

  it('says so where they agree on none, and where nothing is left to say', () => {
    const split = tries([0, 1, 1, 1, 1, 1, 1, 1, 1], [0, 2, 2, 2, 2, 2, 2, 2, 2])
    expect(hint(answerSheet(TAPA), split)).toEqual({
      text: 'The tries agree on no cell: at most 1 of 2 say the same.',
    })
    const all = write(answerSheet(TAPA), ...[1, 2, 3, 4, 5, 6, 7, 8].map((cell) => [cell, '#'] as const))
    expect(hint(all, tries([0, 2, 2, 2, 2, 2, 2, 2, 2])).text).toBe('You wrote what the tries say.')
  })

  it('comes to what was written otherwise only when no open cell is left', () => {
    const sheet = write(answerSheet(TAPA), [1, '.'])
    expect(hint(sheet, tries([0, 2, 2, 2, 2, 2, 2, 2, 2])).cell).toBe(2)
    const full = [2, 3, 4, 5, 6, 7, 8].map((cell) => [cell, '#'] as const)
    expect(hint(write(sheet, ...full), tries([0, 2, 2, 2, 2, 2, 2, 2, 2])).cell).toBe(1)
  })
})
