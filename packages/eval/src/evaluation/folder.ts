/**
 * A run folder: `run.json` says what is run on what, `puzzles.jsonl` holds a line a puzzle in input order. A killed run
 * goes on after its last whole line; a run of anything else is refused.
 */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { RunMismatchError } from '../errors.ts'
import { FileError, makeFolder, readJson, writeFile } from '../files.ts'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord } from './record.ts'

/** A finished run: what was run on what, and every rollout of it. */
export interface Run {
  readonly manifest: Manifest
  readonly records: readonly PuzzleRecord[]
}

/** Where the records of a run go as they come. Its opener closes it. */
export interface RunRecords {
  /** What there was when it was opened, and what was appended since. */
  readonly records: readonly PuzzleRecord[]
  append(record: PuzzleRecord): void
  close(): void
}

/** Records that are kept in memory alone. */
export function inMemory(): RunRecords {
  const records: PuzzleRecord[] = []
  return { records, append: (record) => records.push(record), close() {} }
}

/** A whole run, to be read. Throws `RunMismatchError` where the folder holds none, or one that is not finished. */
export function readRun(path: string): Run {
  const manifest = readManifest(path)
  const { records } = readRecords(path)
  const { puzzles } = manifest.data
  if (records.length < puzzles)
    throw new RunMismatchError(
      `${path}: ${records.length} of ${puzzles} puzzles are done; finish the run first`,
    )
  return { manifest, records }
}

/** A run in a folder, whole or in part, that is gone on with. */
export class RunFolder implements RunRecords {
  readonly path: string
  readonly manifest: Manifest
  /** What there was when it was opened, and what was appended since. */
  readonly records: PuzzleRecord[]
  #lines: number | undefined

  private constructor(path: string, manifest: Manifest, records: PuzzleRecord[], lines: number) {
    this.path = path
    this.manifest = manifest
    this.records = records
    this.#lines = lines
  }

  /**
   * Makes the folder, or opens it where it holds this run, whole or in part. Throws `RunMismatchError` naming the first
   * field that differs; the folder is then untouched.
   */
  static open(path: string, manifest: Manifest): RunFolder {
    if (!existsSync(join(path, 'run.json'))) {
      if (existsSync(join(path, 'puzzles.jsonl')))
        throw new RunMismatchError(`${path} holds puzzles.jsonl but no run.json; choose another folder`)
      makeFolder(path)
      writeFile(join(path, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    }
    const before = readManifest(path)
    const changed = firstDifference(before, JSON.parse(JSON.stringify(manifest)))
    if (changed) {
      const { field, was, is } = changed
      throw new RunMismatchError(
        `${path} holds a run with ${field} ${JSON.stringify(was)}, now it is ${JSON.stringify(is)}; choose another folder (-o) or go back to the run's own`,
      )
    }
    const { records, bytes } = readRecords(path)
    if (existsSync(join(path, 'puzzles.jsonl'))) truncateSync(join(path, 'puzzles.jsonl'), bytes)
    return new RunFolder(path, manifest, records, openSync(join(path, 'puzzles.jsonl'), 'a'))
  }

  append(record: PuzzleRecord): void {
    writeSync(this.#lines!, `${JSON.stringify(record)}\n`)
    this.records.push(record)
  }

  close(): void {
    if (this.#lines !== undefined) closeSync(this.#lines)
    this.#lines = undefined
  }
}

function readManifest(path: string): Manifest {
  const file = join(path, 'run.json')
  try {
    const manifest = readJson(file) as Manifest
    if (manifest.format !== 1) throw new FileError(`can't read ${file}: format ${manifest.format}, wanted 1`)
    return manifest
  } catch (cause) {
    throw new RunMismatchError(`${path} is no run folder: ${(cause as Error).message}`, { cause })
  }
}

/** The whole lines, and how many bytes they take; what a kill left of a last line is not one of them. */
function readRecords(path: string): { records: PuzzleRecord[]; bytes: number } {
  const file = join(path, 'puzzles.jsonl')
  const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  const bytes = text.lastIndexOf('\n') + 1
  const lines = text.toString('utf8', 0, bytes).split('\n').slice(0, -1)
  const records = lines.map((line, i) => {
    try {
      const record = JSON.parse(line) as PuzzleRecord
      if (record.index === i) return record
    } catch {
      // Reported below.
    }
    throw new RunMismatchError(`${file}:${i + 1}: no record of puzzle ${i}; remove the folder and run again`)
  })
  return { records, bytes }
}

/** The first leaf that two JSON values differ in. */
function firstDifference(
  was: unknown,
  is: unknown,
  field = '',
): { field: string; was: unknown; is: unknown } | undefined {
  if (was === is) return undefined
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null)
    return { field, was, is }
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const inner = field === '' ? key : `${field}.${key}`
    const found = firstDifference(
      (was as Record<string, unknown>)[key],
      (is as Record<string, unknown>)[key],
      inner,
    )
    if (found) return found
  }
  return undefined
}
