/** Files that are read are never written over, wherever they lie. */
import { join } from 'node:path'
import { EvaluationError } from './errors.ts'
import { isSameFile } from './files.ts'

/** Throws `EvaluationError` where one of the files that a folder is to get is one that is read: it would be lost. */
export function protectInputs(
  folder: string,
  names: readonly string[],
  inputs: readonly (string | undefined)[],
): void {
  for (const file of names.map((name) => join(folder, name))) {
    const lost = inputs.find((input) => input !== undefined && isSameFile(input, file))
    if (lost === undefined) continue
    const what = lost === file ? file : `${lost} (${file})`
    throw new EvaluationError(
      `${what} is read, and would be written over: choose another folder or move the file out of it`,
    )
  }
}
