/** What commands are given beside puzzles, and the error of what was given wrongly. */
import { isSameFile, readBytes } from '@ptrm/eval/files'
import type { AnyKind } from '@ptrm/puzzles'

/** Bad use of the command; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Throws `UsageError` where what an option writes is a file that the command reads: it would be lost. */
export function refuseOverwrite(
  option: string,
  output: string | undefined,
  ...inputs: readonly (string | undefined)[]
): void {
  if (output === undefined) return
  const lost = inputs.find((input) => input !== undefined && isSameFile(input, output))
  if (lost === undefined) return
  const same = lost === output ? 'is what is read' : `is ${lost}, which is read`
  throw new UsageError(`${option} ${output} ${same}: give another file`)
}

/** The file that the value of `--answer` names, if it names one. */
export function answerFile(value: string | undefined): string | undefined {
  return value?.startsWith('@') ? value.slice(1) : undefined
}

/** Reads the value of `--answer`: an answer, or `@FILE` that holds one. Throws `PuzzleParseError` or `FileError`. */
export function readAnswerOption(kind: AnyKind, puzzle: unknown, value: string): unknown {
  const path = answerFile(value)
  if (path === undefined) return kind.parseAnswer(puzzle, value, '<answer>')
  const text = new TextDecoder().decode(readBytes(path))
  return kind.parseAnswer(puzzle, text.trimEnd(), path)
}
