/** What commands are given beside puzzles, and the error of what was given wrongly. */
import { readBytes } from '@ptrm/eval/files'
import type { AnyKind } from '@ptrm/puzzles'

/** Bad use of the command; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads the value of `--answer`: an answer, or `@FILE` that holds one. Throws `PuzzleParseError` or `FileError`. */
export function readAnswerOption(kind: AnyKind, puzzle: unknown, value: string): unknown {
  if (!value.startsWith('@')) return kind.parseAnswer(puzzle, value, '<answer>')
  const path = value.slice(1)
  const text = new TextDecoder().decode(readBytes(path))
  return kind.parseAnswer(puzzle, text.trimEnd(), path)
}
