/** What commands are given beside puzzles, and the error of what was given wrongly. */
import { isSameFile } from '@ptrm/eval/files'
import type { AnyKind } from '@ptrm/puzzles'
import { readText } from '@ptrm/puzzles/node'

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

/** Throws `UsageError` where stdin, which comes once, would be both the puzzle and its answer. */
export function refuseStdinTwice(input: string, answer: string | undefined): void {
  if (input === '-' && answerFile(answer) === '-')
    throw new UsageError('- and --answer @- are both stdin: give the puzzle or its answer otherwise')
}

/** The file that the value of `--answer` names, if it names one. */
export function answerFile(value: string | undefined): string | undefined {
  return value?.startsWith('@') ? value.slice(1) : undefined
}

/**
 * Reads the value of `--answer`: an answer, or `@FILE` that holds one, as puzzles are read (`@-`: stdin). Rejects with
 * `PuzzleParseError` or `InputError`.
 */
export async function readAnswerOption(kind: AnyKind, puzzle: unknown, value: string): Promise<unknown> {
  const path = answerFile(value)
  if (path === undefined) return kind.parseAnswer(puzzle, value, '<answer>')
  const { text, source } = await readText(path)
  return kind.parseAnswer(puzzle, text.trimEnd(), source)
}
