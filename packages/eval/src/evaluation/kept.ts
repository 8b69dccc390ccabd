/**
 * The records of a run as its folder keeps them, read again: good lines stay good whatever a kill, a full disk or a second
 * process left between them. Nothing here writes.
 */
import { existsSync } from 'node:fs'
import {
  type Checks,
  either,
  isBoolean,
  isListOf,
  isNull,
  isNumber,
  isText,
  isWhole,
  wrongField,
} from '../checks.ts'
import { linesOf } from '../files.ts'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'
import { isOfShard } from './shard.ts'

/** What a file of records holds. */
export interface Kept {
  /** The good records, each puzzle once, in the data's order. */
  readonly records: PuzzleRecord[]
  /** Lines that are no record of the run, each with its place and what is wrong. Their puzzles are still to be run. */
  readonly faults: readonly string[]
  /** Whether the file is these records, a line each, in this order; after them at most a part of a line. */
  readonly isClean: boolean
  /** Bytes up to the end of the last whole line. */
  readonly bytes: number
}

/** Reads a file of records; one that is not there is empty. Throws `FileError`. */
export function readKept(file: string, manifest: Manifest): Kept {
  const sorter = new Sorter(file)
  let [bytes, isClean] = [0, true]
  for (const { number, text, size, isWhole } of existsSync(file) ? linesOf(file) : []) {
    const found = recordIn(text, manifest)
    // A kill leaves a part of a line, which is no fault; or all of it but its end.
    if (isWhole || typeof found !== 'string') sorter.add(number, found)
    if (isWhole) bytes += size
    else isClean = typeof found === 'string'
  }
  return { ...sorter.kept(), isClean: sorter.isClean && isClean, bytes }
}

/** Takes lines as they come, and keeps each puzzle's record once. */
class Sorter {
  readonly #file: string
  readonly #byIndex = new Map<number, { readonly line: number; readonly record: PuzzleRecord }>()
  /** Puzzles that two lines say different things of; neither can be trusted. */
  readonly #disputed = new Set<number>()
  readonly #faults: string[] = []
  #last = -1
  isClean = true

  constructor(file: string) {
    this.#file = file
  }

  /** `found`: the record in a line, or what is wrong with it. */
  add(line: number, found: PuzzleRecord | string): void {
    if (typeof found === 'string') this.#fault(line, found)
    else this.#take(line, found)
  }

  #take(line: number, found: PuzzleRecord): void {
    const { index } = found
    const before = this.#byIndex.get(index)
    if (before || this.#disputed.has(index)) {
      this.isClean = false
      if (before && !sameFigures(before.record, found)) this.#dispute(line, index, before.line)
      return
    }
    if (index < this.#last) this.isClean = false
    this.#last = index
    this.#byIndex.set(index, { line, record: found })
  }

  kept(): Pick<Kept, 'records' | 'faults'> {
    const records = [...this.#byIndex.values()].map(({ record }) => record)
    return { records: records.sort((a, b) => a.index - b.index), faults: this.#faults }
  }

  #dispute(line: number, index: number, first: number): void {
    this.#byIndex.delete(index)
    this.#disputed.add(index)
    this.#fault(line, `other figures of puzzle ${index} than line ${first} has`)
  }

  #fault(line: number, what: string): void {
    this.isClean = false
    this.#faults.push(`${this.#file}:${line}: ${what}`)
  }
}

/** Two runs of one puzzle differ in their wall times alone. */
function sameFigures(a: PuzzleRecord, b: PuzzleRecord): boolean {
  return JSON.stringify({ ...a, ms: 0 }) === JSON.stringify({ ...b, ms: 0 })
}

/** The record in a line, or what is wrong with it. */
function recordIn(line: string, manifest: Manifest): PuzzleRecord | string {
  try {
    const value: unknown = JSON.parse(line)
    return wrongIn(value, manifest) ?? (value as PuzzleRecord)
  } catch {
    return 'no JSON'
  }
}

/** What keeps a value from being a record of this run: the first field that is wrong. Undefined where it is one. */
function wrongIn(value: unknown, { data, plan, judge, shard }: Manifest): string | undefined {
  const byRules = judge === 'rules'
  const wrong = wrongField<Required<PuzzleRecord>>(value, {
    index: (index) => isWhole(0, data.puzzles - 1)(index) && isOfShard(index as number, shard),
    id: isText,
    source: either(isNull, isText),
    ms: isNumber,
    plain: (rollout) => typeof rollout === 'object' && rollout !== null,
    rollouts: isListOf(() => true, plan.rollouts),
    severalSolutions: (several) => several === undefined || (byRules && several === true),
  })
  if (wrong !== undefined) return `no record of this run: ${wrong}`
  const { plain, rollouts } = value as PuzzleRecord
  // Whether there is a solution is known of a puzzle, not of a rollout.
  const checks = rolloutChecks(plan.steps, byRules ? 'rules' : plain.right !== null)
  for (const [i, rollout] of [plain, ...rollouts].entries()) {
    const inner = wrongField(rollout, checks)
    const name = i === 0 ? 'plain' : `rollouts[${i - 1}]`
    if (inner !== undefined) return `no record of this run: ${name}.${inner}`
  }
  return undefined
}

/** What each field of a rollout's record must be, by the number of steps and whether the puzzle's solution is known, or the rules judge. */
function rolloutChecks(steps: number, solved: boolean | 'rules'): Checks<RolloutRecord> {
  const step = either(isNull, isWhole(1, steps))
  return {
    q: isListOf(isNumber, steps),
    answers: isListOf(isWhole(0), steps),
    right: solved ? isBoolean : isNull,
    cells: solved === true ? isNumber : isNull,
    firstRight: step,
    firstVerified: step,
  }
}
