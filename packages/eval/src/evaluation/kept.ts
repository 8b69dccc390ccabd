/**
 * The records of a run as its folder keeps them, read again: good lines stay good whatever a kill, a full disk or a second
 * process left between them. Nothing here writes.
 */
import { existsSync, readFileSync } from 'node:fs'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'

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

/** Reads a file of records; one that is not there is empty. */
export function readKept(file: string, manifest: Manifest): Kept {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  const sorter = new Sorter(file)
  let [line, start] = [1, 0]
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
    sorter.add(line++, recordIn(bytes.toString('utf8', start, end), manifest))
    start = end + 1
  }
  // A kill leaves a part of a line, which is no fault; or all of it but its end.
  const last = recordIn(bytes.toString('utf8', start), manifest)
  const endless = typeof last !== 'string'
  if (endless) sorter.add(line, last)
  return { ...sorter.kept(), isClean: sorter.isClean && !endless, bytes: start }
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

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isBoolean: Check = (value) => typeof value === 'boolean'
const isNull: Check = (value) => value === null
const isWhole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const isList =
  (length: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === length && value.every(check)

/** What keeps a value from being a record of this run: the first field that is wrong. Undefined where it is one. */
function wrongIn(value: unknown, { data, plan }: Manifest): string | undefined {
  const record = value as PuzzleRecord
  const { rollouts } = plan
  const wrong = wrongField('', value, {
    index: isWhole(0, data.puzzles - 1),
    id: isText,
    source: orNull(isText),
    ms: isNumber,
    rollouts: isList(rollouts, () => true),
  })
  if (wrong !== undefined) return wrong
  // Whether there is a solution is known of a puzzle, not of a rollout.
  const solved = (record.plain as RolloutRecord | undefined)?.right !== null
  const fields = rolloutFields(plan.steps, solved)
  const all: [string, unknown][] = [
    ['plain.', record.plain],
    ...record.rollouts.map((rollout, i): [string, unknown] => [`rollouts[${i}].`, rollout]),
  ]
  for (const [prefix, rollout] of all) {
    const inner = wrongField(prefix, rollout, fields)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** What each field of a rollout's record must be, by the number of steps and whether the puzzle's solution is known. */
function rolloutFields(steps: number, solved: boolean): Record<keyof RolloutRecord, Check> {
  const step = orNull(isWhole(1, steps))
  return {
    q: isList(steps, isNumber),
    answers: isList(steps, isWhole(0, Number.MAX_SAFE_INTEGER)),
    right: solved ? isBoolean : isNull,
    cells: solved ? isNumber : isNull,
    firstRight: step,
    firstVerified: step,
  }
}

function wrongField(prefix: string, value: unknown, checks: Record<string, Check>): string | undefined {
  const fields = Object(value) as Record<string, unknown>
  const name = Object.keys(checks).find((key) => !checks[key]!(fields[key]))
  if (name === undefined) return undefined
  const found = JSON.stringify(fields[name])
  return `no record of this run: ${prefix}${name} is ${found === undefined ? 'missing' : short(found)}`
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
