/** What evaluations and sweeps begin with: data and model, each read once, in the order that each needs the other. */
import { bundledModel } from '@ptrm/models'
import { type AnyKind, kinds } from '@ptrm/puzzles'
import { EvaluationError } from '../errors.ts'
import { checkJudged, type DataOptions, type EvaluationData, puzzlesOf, readData } from './data.ts'
import type { AnswerJudge } from './judge.ts'
import { type ModelFile, readModelFile } from './model.ts'

/** The data, and the model asked for; by a kind's name, or the data's only kind, the one that takes all of its puzzles. Throws `EvaluationError` where there are several. */
export async function openInputs(
  data: string | EvaluationData,
  { model, ...options }: DataOptions & { readonly model?: string | undefined },
): Promise<{ readonly read: EvaluationData; readonly model: ModelFile }> {
  const dataOf = (kind: string | undefined) =>
    typeof data === 'string' ? readData(data, { ...options, kind }) : data
  if (model !== undefined && !kinds.has(model)) {
    // A model that can't be loaded is reported before any puzzle is read.
    const file = await readModelFile(model)
    return { model: file, read: await dataOf(options.kind ?? file.model.kind) }
  }
  const read = await dataOf(options.kind ?? model)
  return { read, model: await modelOfKind(read, model ?? onlyKind(read)) }
}

function onlyKind({ path, puzzles }: EvaluationData): string {
  const kinds = [...puzzles.keys()]
  if (kinds.length === 1) return kinds[0]!
  throw new EvaluationError(`${path} holds ${kinds.join(', ')}; say with --model which of them is meant`)
}

/** The bundled model for all puzzles of a kind: the first that takes boards of as many rows, and columns, as there are. */
function modelOfKind({ puzzles }: EvaluationData, kind: string): Promise<ModelFile> {
  const largest = { rows: 0, cols: 0 }
  for (const found of puzzles.get(kind) ?? []) {
    const { rows, cols } = (found.kind as AnyKind).size(found.puzzle)
    largest.rows = Math.max(largest.rows, rows)
    largest.cols = Math.max(largest.cols, cols)
  }
  return readModelFile(bundledModel(kind, largest)?.name ?? kind)
}

/**
 * Throws `EvaluationError` for the first puzzle taken, of whatever kind, that can't be judged or that no rollout of its
 * kind's model can be run for.
 */
export async function checkAllRunnable(data: EvaluationData, judge?: AnswerJudge): Promise<void> {
  for (const kind of data.puzzles.keys()) puzzlesOf(data, await modelOfKind(data, kind))
  for (const ofKind of data.puzzles.values()) checkJudged(data.path, ofKind, judge)
}
