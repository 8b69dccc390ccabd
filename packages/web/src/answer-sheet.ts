/** Someone's own answer to a puzzle, as tokens that the kind answers with; and what can be said of it. Pure. */
import { badCells, type Picture, placeText, type Violation } from '@ptrm/puzzles'
import type { Board } from './puzzle.ts'
import type { Choice, Sheet } from './sheet.ts'

/** How keys of the pad show characters that are hard to see or to tell apart. */
const SHOWN: Readonly<Record<string, string>> = { '.': '•', '#': '■', o: '●' }

/** A sheet that holds an answer. */
export interface AnswerSheet extends Sheet {
  /** Shape [rows * cols]: what was written, 0 where nothing was. */
  readonly tokens: Uint8Array
  write(cell: number, text: string): AnswerSheet | undefined
}

/** Nothing is written yet, unless `tokens` say otherwise. */
export function answerSheet(board: Board, tokens: Uint8Array = blankAnswer(board)): AnswerSheet {
  const { kind, puzzle } = board
  const alphabet = alphabetOf(board)
  const { cells } = kind.toPicture(puzzle)
  const isOpen = (cell: number) => cells[cell]?.isOpen ?? false
  const write = (cell: number, text: string) => {
    const token = text === '' ? 0 : alphabet.find((letter) => letter.keys.includes(text))?.token
    return token === undefined || !isOpen(cell) ? undefined : answerSheet(board, tokens.with(cell, token))
  }
  return {
    board,
    holds: 'answer',
    hint: hintOf(alphabet),
    tokens,
    textOf: (cell) => alphabet.find(({ token }) => token === tokens[cell])?.keys[0] ?? '',
    write,
    choices: (cell) => (isOpen(cell) ? choicesOf(board, alphabet, cell) : []),
    cleared: () => answerSheet(board),
  }
}

interface Letter {
  readonly token: number
  /** What writes it: its own character, and the number of its place. */
  readonly keys: readonly string[]
}

/** The characters that the kind's answers are made of, in the order of their tokens. */
function alphabetOf({ kind, puzzle }: Board): readonly Letter[] {
  const { rows, cols } = kind.size(puzzle)
  const open = kind.toPicture(puzzle).cells.findIndex(({ isOpen }) => isOpen)
  return kind.vocabulary.answers.map((token, i) => {
    const line = kind.answerToLine(puzzle, new Uint8Array(rows * cols).fill(token))
    const character = Array.from(line.replaceAll('/', ''))[open] ?? ''
    return { token, keys: [...new Set([character, String(i + 1)])] }
  })
}

function hintOf(alphabet: readonly Letter[]): string {
  const written = alphabet.map(({ keys: [character = ''] }) => SHOWN[character] ?? character)
  const keys = `${written.length === 1 ? '' : '1 to '}${written.length}`
  return /^\d+$/.test(written.join(''))
    ? `Digits ${keys} are your answer`
    : `Clicks, or keys ${keys}, write ${written.join(' ')}`
}

function choicesOf({ kind, puzzle }: Board, alphabet: readonly Letter[], cell: number): Choice[] {
  const { rows, cols } = kind.size(puzzle)
  const faceOf = (token: number) =>
    kind.toPicture(puzzle, kind.decode(puzzle, new Uint8Array(rows * cols).with(cell, token))).cells[cell]!
  // Of `blank, answer 7` and `blank, shaded` what the answer adds.
  const wordsOf = (token: number) =>
    faceOf(token)
      .words.split(', ')
      .at(-1)!
      .replace(/^answer /, '')
  return [
    { text: '', shown: '⌫', words: 'nothing' },
    ...alphabet.map(({ token, keys: [text = ''] }) => ({
      text,
      shown: SHOWN[text] ?? text,
      words: wordsOf(token),
    })),
  ]
}

/** Givens are part of a Sudoku's answer; other kinds' boards hold no token that answers are made of. */
function blankAnswer({ kind, puzzle }: Board): Uint8Array {
  try {
    const isAnswer = new Set(kind.vocabulary.answers)
    return kind.encode(puzzle).tokens.map((token) => (isAnswer.has(token) ? token : 0))
  } catch {
    // A clue that models can't read, which no Sudoku has.
    const { rows, cols } = kind.size(puzzle)
    return new Uint8Array(rows * cols)
  }
}

/** What the rules say of an answer that may not be complete. */
export interface Checked {
  readonly violations: readonly Violation[]
  readonly text: string
}

export function check({ board: { kind, puzzle }, tokens }: AnswerSheet): Checked {
  const picture = kind.toPicture(puzzle)
  if (kind.isSolved(puzzle, kind.decode(puzzle, filled(picture, kind.vocabulary.answers[0]!, tokens))))
    return { violations: [], text: 'Right: you solved it.' }
  const violations = kind.partial(puzzle, kind.decode(puzzle, tokens))
  const bad = badCells(violations).size
  if (bad > 0)
    return {
      violations,
      text: `${bad} ${bad === 1 ? 'cell breaks' : 'cells break'} a rule: ${violations[0]!.rule}.`,
    }
  const open = picture.cells.filter(({ isOpen }, cell) => isOpen && tokens[cell] === 0).length
  return {
    violations,
    text: `No rule is broken so far; ${open} ${open === 1 ? 'cell is' : 'cells are'} open.`,
  }
}

/** Who shades, or places bulbs, need not mark the cells that stay as they are: the first token says that. */
function filled({ filledWith, cells }: Picture, stays: number, tokens: Uint8Array): Uint8Array {
  if (filledWith === 'digits') return tokens
  return tokens.map((token, cell) => (token === 0 && cells[cell]!.isOpen ? stays : token))
}

/** So large a part of the tries must agree on a cell. */
const NEARLY_ALL = 0.9

export interface Hint {
  readonly text: string
  readonly cell?: number
  /** With the cell written. */
  readonly sheet?: AnswerSheet
}

/** The one cell that most of the tries agree on, among those that are open or hold something else; by tokens of each try's answer. */
export function hint(sheet: AnswerSheet, tries: readonly Uint8Array[]): Hint {
  const { board, tokens } = sheet
  const picture = board.kind.toPicture(board.puzzle)
  const agreed = picture.cells.flatMap(({ isOpen }, cell) => {
    if (!isOpen) return []
    const { token, count } = mostCommon(tries.map((answer) => answer[cell]!))
    return token === tokens[cell] ? [] : [{ cell, token, count, isFree: tokens[cell] === 0 }]
  })
  const best = agreed.toSorted((a, b) => Number(b.isFree) - Number(a.isFree) || b.count - a.count)
  const found = best.find(({ count }) => count >= NEARLY_ALL * tries.length)
  if (!found) {
    const most = Math.max(0, ...agreed.map(({ count }) => count))
    const text =
      agreed.length === 0
        ? 'You wrote what the tries say.'
        : `The tries agree on no cell: at most ${most} of ${tries.length} say the same.`
    return { text }
  }
  const written = answerSheet(board, tokens.with(found.cell, found.token))
  const words = choicesOf(board, alphabetOf(board), found.cell).find(
    ({ text }) => text === written.textOf(found.cell),
  )?.words
  return {
    text: `${found.count} of ${tries.length} tries agree: ${placeText(picture, found.cell)} is ${words}.`,
    cell: found.cell,
    sheet: written,
  }
}

function mostCommon(values: readonly number[]): { readonly token: number; readonly count: number } {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [token = 0, count = 0] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? []
  return { token, count }
}
