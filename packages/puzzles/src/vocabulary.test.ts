/** Which models can read and write the tokens of a kind: of its board, with its tokens, answering with its answers alone. */
import { describe, expect, it } from 'vitest'
import { sudoku, tapa } from './kinds/index.ts'
import { tokenFaults } from './vocabulary.ts'

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const SUDOKU = { seqLen: 81, vocabSize: 10, answerTokens: DIGITS }

describe('tokenFaults', () => {
  it.each([
    ["a kind's own tokens", SUDOKU],
    ['tokens beyond them that no answer has', { ...SUDOKU, vocabSize: 14 }],
    ['fewer answers than there are', { ...SUDOKU, answerTokens: [1, 2] }],
  ])('takes %s', (_, tokens) => {
    expect(tokenFaults(sudoku, tokens)).toEqual([])
  })

  const TAPA = { vocabSize: 46, answerTokens: [1, 2] }

  it.each([
    ['boards of any size', { seqLen: undefined }],
    ['a single cell', { seqLen: 1 }],
    ['the square of its length', { seqLen: 576 }],
    ['a rectangle that it names', { seqLen: 180, leastBoard: { rows: 12, columns: 15 } }],
  ])('takes a pencil model of %s', (_, length) => {
    expect(tokenFaults(tapa, { ...TAPA, ...length })).toEqual([])
  })

  it.each([
    ['of no square board', { seqLen: 180 }],
    ['other than that of the board it names', { seqLen: 180, leastBoard: { rows: 12, columns: 14 } }],
  ])('refuses a pencil model whose length is %s', (_, length) => {
    expect(tokenFaults(tapa, { ...TAPA, ...length })).toEqual([
      'the model reads 180 cells, which are no square board, and names no board (least_board)',
    ])
  })

  it.each([
    ['another board', { ...SUDOKU, seqLen: 100 }, 'reads 100 cells, a sudoku board has 81'],
    ['too few tokens', { ...SUDOKU, vocabSize: 9 }, 'knows 9 tokens, sudoku has 10'],
    [
      'answers beyond its own',
      { ...SUDOKU, answerTokens: [...DIGITS, 10, 11] },
      'answer_tokens holds 10, 11;',
    ],
    ['a blank for an answer', { ...SUDOKU, answerTokens: [0, ...DIGITS] }, 'answer_tokens holds 0;'],
    ['no answers', { ...SUDOKU, answerTokens: [] }, 'answer_tokens is empty'],
  ])('refuses %s', (_, tokens, message) => {
    expect(tokenFaults(sudoku, tokens)).toEqual([expect.stringContaining(message)])
  })

  it('names all that is wrong at once, by the kind that is meant', () => {
    expect(tokenFaults(tapa, SUDOKU)).toEqual([
      'the model knows 10 tokens, tapa has 46',
      'answer_tokens holds 3, 4, 5, 6, 7, 8, 9; answers of tapa are made of 1, 2',
    ])
  })
})
