/** One puzzle of a run, traced: the way of its rollouts through latent space, and the boards that they end at. */
import { kinds } from '@ptrm/puzzles'
import { type Found, nameOf, type PuzzleFile, readPuzzleFile } from '@ptrm/puzzles/node'
import { EvaluationError, RunMismatchError } from '../errors.ts'
import { dataOf, sha256, sizeOfText } from '../evaluation/data.ts'
import type { Run } from '../evaluation/folder.ts'
import { readModelFile } from '../evaluation/model.ts'
import { mayNameOne, type PuzzleRecord } from '../evaluation/record.ts'
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

/**
 * Throws `RunMismatchError` where data or model are not the run's, `EvaluationError` where there is no such puzzle or its
 * solution is not known.
 */
export async function trace(
  folder: string,
  { manifest, records }: Run,
  { puzzles: path, puzzle: id, model }: TraceOptions,
): Promise<{ readonly picture: Picture; readonly boards: Section }> {
  const file = await readModelFile(model ?? manifest.model.name)
  checkHash(file.sha256, manifest.model.sha256, `the model of ${folder}`)
  const data = readPuzzleFile(path)
  checkHash(sha256(data.bytes), manifest.data.sha256, `the data of ${folder}`)
  const selected = await selectedIn(data, { manifest, records })
  if (!selected) throw new RunMismatchError(`${path} holds other puzzles than ${folder} has records of`)
  const named = records.filter((record) => {
    return id === undefined || record.id === id || nameOf(selected[record.index]!) === id
  })
  if (named.length === 0) throw new EvaluationError(`${path} has no puzzle ${id} among those of ${folder}`)
  const record = mostTelling(named)
  const { kind, puzzle, solution } = selected[record.index]!
  if (solution === undefined)
    throw new EvaluationError(`${path} has no solution of ${record.id} to tell right rollouts from wrong by`)
  const paths = await tracePaths(file.model, kind, puzzle, solution, manifest)
  return {
    picture: latentPicture(paths, record.id),
    boards: { title: 'Boards at the ends', body: boards(endBoards(paths, kind, puzzle)) },
  }
}

/**
 * The puzzles of a file that a run selected, in its order. No manifest says of what kind grids were read that no line
 * names: it is the kind by which the selected puzzles have the records' names. Undefined where none is.
 */
async function selectedIn(
  file: PuzzleFile,
  { manifest: { model, data }, records }: Run,
): Promise<readonly Found[] | undefined> {
  const { perSource, size } = data
  for (const kind of new Set([model.kind, ...kinds.keys()])) {
    const options = {
      kind,
      perSource: perSource ?? undefined,
      size: size === undefined ? undefined : sizeOfText(size),
    }
    // Grids that are none of this kind are no fault of the file's.
    const read = await dataOf(file, options).catch(() => undefined)
    const selected = read?.puzzles.get(model.kind) ?? []
    const isNamed = ({ index, id }: PuzzleRecord) => mayNameOne(nameOf(selected[index]!), id)
    if (selected.length === data.puzzles && records.every(isNamed)) return selected
  }
  return undefined
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
