/**
 * A run folder: `run.json` says what is run on what, `puzzles.jsonl` holds a line a puzzle, `lock.*` says who writes. A
 * killed run goes on with the puzzles that it has no good line of; a run of anything else is refused.
 */
import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { has, isWhole } from '../checks.ts'
import { RunMismatchError } from '../errors.ts'
import { FileError, LineFile, makeFolder, readJson, removeParts, writeChunks, writeFile } from '../files.ts'
import { protectInputs } from '../overwrite.ts'
import { type Kept, readKept } from './kept.ts'
import { FolderLock } from './lock.ts'
import { type Manifest, wrongInManifest } from './manifest.ts'
import type { PuzzleRecord } from './record.ts'
import { type Shard, shardText, sizeOfShard } from './shard.ts'

/** A finished run: what was run on what, and every rollout of it. */
export interface Run {
  readonly manifest: Manifest
  readonly records: readonly PuzzleRecord[]
}

/** Where the records of a run go as they come. Its opener closes it. */
export interface RunRecords {
  /** What there was when it was opened, and what was added since, in the data's order. */
  readonly records: readonly PuzzleRecord[]
  /** Throws `FileError`; the record is then not kept. */
  append(record: PuzzleRecord): void
  /** Puts all of them on the disk, where they go there. Throws `FileError`. */
  flush(): void
  close(): void
}

/** Records that are kept in memory alone. */
export function inMemory(): RunRecords {
  const records: PuzzleRecord[] = []
  return { records, append: (record) => insert(records, record), flush() {}, close() {} }
}

/** A record comes last, unless its puzzle is run again. */
function insert(records: PuzzleRecord[], record: PuzzleRecord): void {
  const before = records.findLastIndex(({ index }) => index < record.index)
  records.splice(before + 1, 0, record)
}

/** A whole run, to be read. Throws `RunMismatchError` where the folder holds none, or one that is not finished. */
export function readRun(path: string): Run {
  const run = readShard(path)
  const { shard } = run.manifest
  if (!shard) return run
  throw new RunMismatchError(
    `${path} is shard ${shardText(shard)} of a run; make one run of all shards: ptrm merge`,
  )
}

/** A whole run, or a shard of one. Throws as `readRun` does. */
export function readShard(path: string): Run {
  const manifest = readManifest(path)
  const { records, faults } = readKept(join(path, LINES), manifest)
  const { data, shard } = manifest
  const puzzles = shard ? sizeOfShard(data.puzzles, shard) : data.puzzles
  if (records.length < puzzles) {
    const fault = faults[0] === undefined ? '' : ` (${faults[0]})`
    throw new RunMismatchError(
      `${path}: ${records.length} of ${puzzles} puzzles are done${fault}; finish the run first`,
    )
  }
  return { manifest, records }
}

const LINES = 'puzzles.jsonl'

/** What is written into a run folder by the run itself, by whole files. */
const WHOLE_FILES = ['run.json', LINES, 'results.json', 'results.csv', 'times.json']

/** What comparing it with another run adds. */
export const COMPARISON = 'comparison.json'

/** Throws `EvaluationError` where a run in this folder would write over one of the files that it reads. */
export function checkRunFolder(path: string, inputs: readonly (string | undefined)[]): void {
  protectInputs(path, [...WHOLE_FILES, COMPARISON], inputs)
}

/** A run in a folder, whole or in part, that is gone on with. The folder is this process's own until it is closed. */
export class RunFolder implements RunRecords {
  readonly records: PuzzleRecord[]
  readonly #lines: LineFile
  readonly #lock: FolderLock

  private constructor(records: PuzzleRecord[], lines: LineFile, lock: FolderLock) {
    this.records = records
    this.#lines = lines
    this.#lock = lock
  }

  /**
   * Makes the folder, or opens it where it holds this run, whole or in part. `onFault` hears of every line of it that is
   * no record of the run; the line is dropped. Throws `RunMismatchError` naming the first field that differs, and
   * `FolderInUseError` where another process has the folder, which is then untouched; `FileError`.
   */
  static open(path: string, manifest: Manifest, onFault?: (fault: string) => void): RunFolder {
    makeFolder(path)
    const lock = FolderLock.take(path)
    try {
      claim(path, manifest)
      removeParts(path, WHOLE_FILES)
      const file = join(path, LINES)
      const kept = readKept(file, manifest)
      mend(file, kept)
      for (const fault of kept.faults) onFault?.(fault)
      return new RunFolder(kept.records, new LineFile(file), lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  append(record: PuzzleRecord): void {
    this.#lines.append(JSON.stringify(record))
    insert(this.records, record)
  }

  flush(): void {
    this.#lines.flush()
  }

  close(): void {
    this.#lines.close()
    this.#lock.release()
  }
}

/** Writes what the run is of into a new folder; else holds it against what is there. Throws `RunMismatchError`. */
function claim(path: string, manifest: Manifest): void {
  if (!holdsRun(path, manifest)) writeFile(join(path, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Whether a folder holds this run, whole or in part; false where it holds none. Throws `RunMismatchError` for another. */
export function holdsRun(path: string, manifest: Manifest): boolean {
  // An empty run.json, of a disk that was full, says nothing.
  if (sizeOf(join(path, 'run.json')) === 0) {
    if (sizeOf(join(path, LINES)) === 0) return false
    throw new RunMismatchError(`${path} holds ${LINES} but no run.json; choose another folder`)
  }
  const changed = firstDifference(readManifest(path), JSON.parse(JSON.stringify(manifest)))
  if (!changed) return true
  const { field, was, is } = changed
  throw new RunMismatchError(
    `${path} holds a run with ${field} ${valueText(was)}, now it is ${valueText(is)}; choose another folder (-o) or go back to the run's own`,
  )
}

/** Leaves the good records, a line each, and nothing else. Throws `FileError`; the file is then as it was. */
function mend(file: string, { records, isClean, bytes }: Kept): void {
  if (!isClean) writeChunks(file, bytesOf(records))
  else if (sizeOf(file) > bytes) truncateSync(file, bytes)
}

/** In bytes; 0 where there is none. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function* bytesOf(records: readonly PuzzleRecord[]): Generator<Uint8Array> {
  for (const record of records) yield Buffer.from(`${JSON.stringify(record)}\n`)
}

function readManifest(path: string): Manifest {
  const file = join(path, 'run.json')
  try {
    const manifest = readJson(file)
    const wrong = wrongInManifest(manifest)
    if (wrong === undefined) return manifest as Manifest
    throw new FileError(`can't read ${file}: ${wrong}`)
  } catch (cause) {
    const inside = existsSync(file) ? [] : runsIn(path)
    if (inside.length > 0)
      throw new RunMismatchError(
        `${path} is no run folder, but holds some: give one of ${inside.join(', ')}`,
        { cause },
      )
    throw new RunMismatchError(`${path} is no run folder: ${(cause as Error).message}`, { cause })
  }
}

/** The run folders in a folder, as a run over several kinds leaves one for each. */
function runsIn(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
  const names = isFolder ? readdirSync(path).sort() : []
  return names.map((name) => join(path, name)).filter((run) => existsSync(join(run, 'run.json')))
}

/** A value that two manifests differ in, for people. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'not given'
  return has({ index: isWhole(0), of: isWhole(1) })(value) ? shardText(value as Shard) : JSON.stringify(value)
}

/** The first leaf that two JSON values differ in. */
export function firstDifference(
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
