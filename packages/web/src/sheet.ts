/** What can be written on the board, one character a cell: the puzzle's clues, or someone's own answer. Pure. */
import type { Board } from './puzzle.ts'

/** One state of what is written; writing makes another. */
export interface Sheet {
  readonly board: Board
  /** What is written: the puzzle itself, or an answer to it. */
  readonly holds: 'clues' | 'answer'
  /** One sentence: what may be written. */
  readonly hint: string
  textOf(cell: number): string
  /** Undefined where the cell does not take the text; '' clears the cell. */
  write(cell: number, text: string): Sheet | undefined
  choices(cell: number): readonly Choice[]
  /** Without anything that was written. */
  cleared(): Sheet
}

/** What a cell may hold, for clicks and for the pad. */
export interface Choice {
  readonly text: string
  /** As it stands on the pad's key; by default the text. */
  readonly shown?: string | undefined
  /** For screen readers; by default what is shown. */
  readonly words?: string | undefined
  /** Clicks pass it by. */
  readonly byPadAlone?: boolean | undefined
}

/** A sheet as the helpers of `@ptrm/puzzles` take puzzles. */
export const writing = {
  textOf: (sheet: Sheet, cell: number): string => sheet.textOf(cell),
  write: (sheet: Sheet, cell: number, text: string): Sheet | undefined => sheet.write(cell, text),
  choices: (sheet: Sheet, cell: number): string[] =>
    sheet.choices(cell).flatMap(({ text, byPadAlone }) => (byPadAlone ? [] : [text])),
}

/** The puzzle's clues, as its kind writes them. */
export function clueSheet(board: Board): Sheet {
  const { kind, puzzle } = board
  const { editing } = kind
  return {
    board,
    holds: 'clues',
    hint: editing.hint,
    textOf: (cell) => editing.textOf(puzzle, cell),
    write: (cell, text) => {
      const written = editing.write(puzzle, cell, text)
      return written === undefined ? undefined : clueSheet({ kind, puzzle: written })
    },
    choices: (cell) => [
      ...editing
        .choices(puzzle, cell)
        .map((text) => (/^[._-]$/.test(text) ? { text, shown: '⌫', words: 'blank' } : { text })),
      ...(editing.moves?.(puzzle, cell) ?? []).map((move) => ({ ...move, byPadAlone: true })),
    ],
    cleared: () => clueSheet({ kind, puzzle: editing.empty(kind.size(puzzle)) }),
  }
}
