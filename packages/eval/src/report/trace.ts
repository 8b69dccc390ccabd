/** One puzzle of a run, traced: the way of its rollouts through latent space, and the boards that they end at. */
import { kindNamed } from '@ptrm/puzzles'
import { type Found, nameOf, readAllPuzzles, readPuzzleFile } from '@ptrm/puzzles/node'
import { EvaluationError, RunMismatchError } from '../errors.ts'
import { sha256 } from '../evaluation/data.ts'
import type { Run } from '../evaluation/folder.ts'
import { readModelFile } from '../evaluation/model.ts'
import type { PuzzleRecord } from '../evaluation/record.ts'
import { isRight } from '../evaluation/rollout.ts'
import { endBoards, latentPicture, tracePaths } from './latents.ts'
import { boards, type Section } from './page.ts'
import type { Picture } from './picture.ts'

export interface TraceOptions {
  /** The run's data file. */
  readonly puzzles: string
  readonly puzzle?: string | undefined
  readonly model?: string | undefined
}

/** Throws `RunMismatchError` where data or model are not the run's, `EvaluationError` where there is no such puzzle. */
export async function trace(
  folder: string,
  { manifest, records }: Run,
  { puzzles, puzzle, model }: TraceOptions,
): Promise<{ readonly picture: Picture; readonly boards: Section }> {
  const file = await readModelFile(model ?? manifest.model.name)
  checkHash(file.sha256, manifest.model.sha256, `the model of ${folder}`)
  const data = readPuzzleFile(puzzles)
  checkHash(sha256(data.bytes), manifest.data.sha256, `the data of ${folder}`)
  const kind = kindNamed(manifest.model.kind)
  const { items } = await readAllPuzzles(data, { fallback: kind.name })
  const id = puzzle ?? mostTelling(records).id
  const found = items.find((item): item is Found => !('error' in item) && nameOf(item) === id)
  if (found?.solution === undefined)
    throw new EvaluationError(`${puzzles} has no puzzle ${id} with a solution`)
  const paths = await tracePaths(file.model, kind, found.puzzle, found.solution, manifest)
  return {
    picture: latentPicture(paths, nameOf(found)),
    boards: { title: 'Boards at the ends', body: boards(endBoards(paths, kind, found.puzzle)) },
  }
}

/** The first puzzle that shows most: plain TRM fails, some rollouts end right and some wrong. */
function mostTelling(records: readonly PuzzleRecord[]): PuzzleRecord {
  const mixed = ({ plain, rollouts }: PuzzleRecord) =>
    !isRight(plain) && rollouts.some(isRight) && !rollouts.every(isRight)
  return records.find(mixed) ?? records[0]!
}

function checkHash(found: string, wanted: string, what: string): void {
  if (found !== wanted)
    throw new RunMismatchError(
      `${what} has SHA-256 ${wanted}, what is given now has ${found}; give the run's own`,
    )
}
