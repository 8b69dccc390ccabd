/** What the step's benchmark runs: a model as it is shipped, the plain TRM that it stands for, and boards of one size. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import {
  type DenseConfig,
  denseModel,
  fixedLength,
  flatBoard,
  type Model,
  readModel,
  type Tensors,
  type TokenBoard,
} from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { itemsOf, kindNamed } from '@ptrm/puzzles'
import { randomTrm, type TrmSizes } from './random-trm.ts'

/** A TRM that fixes the length of its boards. */
export interface DenseTrm {
  readonly config: DenseConfig
  readonly tensors: Tensors
}

export interface Subject {
  readonly name: string
  /** Its free weights, if they are tied; else the plain TRM itself. */
  readonly model: Pick<Model, 'config' | 'tensors'>
  readonly dense: DenseTrm
  /** All of one size; the clock runs on the first. */
  readonly boards: readonly [TokenBoard, ...TokenBoard[]]
}

/** The first `count` dev puzzles of a kind, each a line of JSON that a kind's reader reads; all are of one size. */
export function devPuzzles(kind: string, count: number): string[] {
  const path = new URL(`../../training/testsets/${kind}-dev.jsonl.gz`, import.meta.url)
  return gunzipSync(readFileSync(path)).toString().split('\n').slice(0, count)
}

/** The first `count` test puzzles of a kind, of each of these test sets. */
export function testPuzzles(
  kindName: string,
  count: number,
  sets: readonly string[] = [`${kindName}-test.jsonl.gz`],
): unknown[] {
  const kind = kindNamed(kindName)
  return sets.flatMap((name) => {
    const file = readFileSync(new URL(`../../training/testsets/${name}`, import.meta.url))
    const text = (name.endsWith('.gz') ? gunzipSync(file) : file).toString()
    return [...itemsOf(kind.reader(), text)].slice(0, count).map((item) => {
      if ('error' in item) throw item.error
      return item.puzzle
    })
  })
}

/** Generated ones of the dev set that cells and houses with one choice left solve, as those of newspapers. */
export function easySudokus(count: number): string[] {
  const all = devPuzzles('sudoku', 500).map((line) => JSON.parse(line) as { puzzle: string; guesses: number })
  return all.flatMap(({ puzzle, guesses }) => (guesses === 0 ? [puzzle] : [])).slice(0, count)
}

/** The same as boards of tokens. */
export function devBoards(kindName: string, count: number): [TokenBoard, ...TokenBoard[]] {
  const kind = kindNamed(kindName)
  const lines = devPuzzles(kindName, count).join('\n')
  return [...itemsOf(kind.reader(), lines)].map((item) => {
    if ('error' in item) throw item.error
    return kind.encode(item.puzzle)
  }) as [TokenBoard, ...TokenBoard[]]
}

/** The bundled model of a kind with the first `count` of its dev puzzles. */
export function bundledSubject(kindName: string, count = 1): Subject {
  const bundled = bundledModel(kindName)!
  const model = readModel(readFileSync(bundled.weights))
  const boards = devBoards(kindName, count)
  const [{ rows, columns }] = boards
  return {
    name: `${bundled.name}, ${rows}x${columns}`,
    model,
    dense: denseTrm(denseModel(model, rows, columns)),
    boards,
  }
}

/** A plain TRM of random weights. */
export function randomSubject(name: string, sizes: TrmSizes, seed: number): Subject {
  const { config, tensors, tokens } = randomTrm(sizes, seed)
  const dense = { config, tensors }
  return { name, model: dense, dense, boards: [flatBoard(tokens)] }
}

function denseTrm({ config, tensors }: Model): DenseTrm {
  return { config: { ...config, seqLen: fixedLength(config) }, tensors }
}
