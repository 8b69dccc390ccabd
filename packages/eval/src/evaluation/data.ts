/** The puzzles of an evaluation: a file, read once for its puzzles and its hash. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type Model, placeOnModel } from '@ptrm/orchestrator'
import { shortened, UnknownKindError } from '@ptrm/puzzles'
import { type Found, type PuzzleFile, readAllPuzzles, readPuzzleFile } from '@ptrm/puzzles/node'
import { EvaluationError } from '../errors.ts'
import type { AnswerJudge } from './judge.ts'

/** Rows and columns of a board. */
interface Board {
  readonly rows: number
  readonly cols: number
}

/** Which boards are meant: those of so many rows and columns, or those whose longer side lies between two lengths. */
export type Size = Board | { readonly shortest: number; readonly longest: number }

function isOfSize({ rows, cols }: Board, size: Size): boolean {
  if ('rows' in size) return rows === size.rows && cols === size.cols
  const side = Math.max(rows, cols)
  return side >= size.shortest && side <= size.longest
}

/** `10x10`, or `11-17` for sides. */
export function sizeText(size: Size): string {
  return 'rows' in size ? `${size.rows}x${size.cols}` : `${size.shortest}-${size.longest}`
}

/** What `sizeText` wrote; undefined for any other text. */
export function sizeOfText(text: string): Size | undefined {
  const [, first, sign, second] = /^(\d{1,6})([x-])(\d{1,6})$/.exec(text) ?? []
  if (sign === undefined) return undefined
  const [a, b] = [Number(first), Number(second)]
  return sign === 'x' ? { rows: a, cols: b } : { shortest: a, longest: b }
}

/** What is taken of a file. */
export interface DataOptions {
  /** What text grids are that no line names; default: the kind of the model, else Sudoku. */
  readonly kind?: string | undefined
  /** Only the first so many puzzles of each kind and source. */
  readonly perSource?: number | undefined
  /** Only boards of this size, or of sizes in this range. */
  readonly size?: Size | undefined
}

/** What a file holds for an evaluation. Opened once, it serves any number of them. */
export interface EvaluationData extends Omit<DataOptions, 'kind'> {
  /** As it was given. */
  readonly path: string
  /** The file's name, without folders. */
  readonly name: string
  /** Of the file's bytes, in hex. */
  readonly sha256: string
  /** Every puzzle of our kinds, taken or not, in the file's order. */
  readonly all: readonly Found[]
  /** Those taken, by the name of their kind, each in the file's order. */
  readonly puzzles: ReadonlyMap<string, readonly Found[]>
  /** How many entries are not taken for their kind or size, by what they are: `slither`, `6x6 tapa`. */
  readonly leftOut: ReadonlyMap<string, number>
}

/**
 * Reads a file of puzzles: those of our kinds, of the size asked for. An entry that can't be read would bend the figures:
 * it ends the reading. Throws `EvaluationError` where nothing is left, `InputError`, `PuzzleParseError`.
 */
export async function readData(path: string, options: DataOptions = {}): Promise<EvaluationData> {
  if (path === '-')
    throw new EvaluationError('eval reads a file, so that a run can go on and its data can be named')
  return dataOf(readPuzzleFile(path), options)
}

/** What `readData` makes of a file, once it is read. Throws as it does. */
export async function dataOf(file: PuzzleFile, options: DataOptions): Promise<EvaluationData> {
  const { path } = file
  const { items } = await readAllPuzzles(file, { fallback: options.kind })
  const all: Found[] = []
  const puzzles = new Map<string, Found[]>()
  const leftOut = new Map<string, number>()
  const leave = (what: string) => leftOut.set(what, (leftOut.get(what) ?? 0) + 1)
  const isAmongFirst = firstOfSources(options.perSource)
  for (const item of items) {
    if ('error' in item) {
      if (!(item.error instanceof UnknownKindError)) throw item.error
      leave(item.error.kindName)
      continue
    }
    all.push(item)
    const { name } = item.kind
    const board = item.kind.size(item.puzzle)
    if (options.size && !isOfSize(board, options.size)) leave(`${board.rows}x${board.cols} ${name}`)
    else if (isAmongFirst(item)) {
      const ofKind = puzzles.get(name)
      if (ofKind) ofKind.push(item)
      else puzzles.set(name, [item])
    }
  }
  if (puzzles.size === 0)
    throw new EvaluationError(`${path}: nothing to evaluate; left out: ${counted(leftOut)}`)
  const { size, perSource } = options
  return { path, name: basename(path), sha256: sha256(file.bytes), all, puzzles, leftOut, perSource, size }
}

/** Tells of one puzzle after the other whether it is among the first `most` of its kind and source. */
function firstOfSources(most = Infinity): (found: Found) => boolean {
  const before = new Map<string, number>()
  return ({ kind, source }) => {
    const group = `${kind.name} ${source}`
    const nth = (before.get(group) ?? 0) + 1
    before.set(group, nth)
    return nth <= most
  }
}

/** What must be known of a model to tell which puzzles it can be run for. */
export interface ModelOfPuzzles {
  readonly name: string
  readonly model: Pick<Model, 'kind' | 'config'>
}

/** The puzzles of a model's kind. Throws `EvaluationError`, with the place, where there is none or one can't be run. */
export function puzzlesOf({ path, puzzles }: EvaluationData, model: ModelOfPuzzles): readonly Found[] {
  const { kind } = model.model
  const ofKind = puzzles.get(kind)
  if (!ofKind)
    throw new EvaluationError(
      `${path}: no ${kind} puzzle for model ${model.name}; there are ${[...puzzles.keys()].join(', ')}`,
    )
  for (const found of ofKind) checkRunnable(path, found, model)
  return ofKind
}

/** Throws `EvaluationError`, with the first place, where solutions are to judge and puzzles have none. */
export function checkJudged(path: string, puzzles: readonly Found[], judge: AnswerJudge = 'solutions'): void {
  if (judge === 'rules') return
  for (const found of puzzles) checkSolution(path, found)
  const without = puzzles.filter(({ solution }) => solution === undefined)
  const [first] = without
  if (!first) return
  const count = `${without.length} of ${puzzles.length} ${first.kind.name} puzzles`
  throw new EvaluationError(
    `${path}:${first.where.line}: ${count} have no solution here to judge answers by; --judge rules takes what the rules accept for right, which is the same where a puzzle has one solution`,
  )
}

/** Throws `EvaluationError`, with the place, for a solution that is none: each figure would be judged by it. */
export function checkSolution(path: string, { kind, puzzle, solution, where }: Found): void {
  if (solution === undefined || kind.isSolved(puzzle, solution)) return
  const [broken] = kind.verify(puzzle, solution)
  throw new EvaluationError(
    `${path}:${where.line}: its solution does not solve it: ${broken?.rule ?? 'cells are left open'}; mend it, or judge by --judge rules`,
  )
}

/** A puzzle that no rollout can be run for would bend the figures. */
function checkRunnable(path: string, { kind, puzzle, where }: Found, { name, model }: ModelOfPuzzles): void {
  const refuse = (reason: string, cause?: unknown) =>
    new EvaluationError(`${path}:${where.line}: ${reason}`, { cause })
  const [broken] = kind.contradictions(puzzle)
  if (broken) throw refuse(`the givens contradict the rules: ${broken.rule}`)
  try {
    placeOnModel(kind.name, kind.encode(puzzle), model.config, name)
  } catch (cause) {
    throw refuse((cause as Error).message, cause)
  }
}

/** `12 slither, 3 6x6 tapa`. */
export function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, count]) => `${count} ${shortened(what)}`).join(', ')
}

/** In hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
