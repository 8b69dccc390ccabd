/** The file that `ptrm collect -o` goes on with: the run's first records, a line each, and maybe half a line of a process that was killed. */
import { existsSync, truncateSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { fileError, LineFile, linesOf, readBytes } from '@ptrm/eval/files'
import { shownJson } from '@ptrm/puzzles'
import type { CollectedRecord, Run } from '@ptrm/queue'
import { UsageError } from '../input.ts'

/** What a file holds. */
interface Lines {
  /** Whole ones. */
  readonly count: number
  /** Of those, in bytes. */
  readonly size: number
  /** The last of those. */
  readonly last: string
  /** What is behind them, in bytes. */
  readonly half: number
}

export class RunFile {
  readonly #path: string
  readonly #run: Run
  readonly #there: Lines
  /** The place of the first record wanted. The last line's is wanted again: it tells whether the file is of this run. */
  readonly from: number
  #next: number
  #isCut = false
  #file: LineFile

  /** Leaves what is there as it is. Throws `UsageError` where there is more than the run can have, and `FileError`. */
  constructor(path: string, run: Run) {
    this.#path = path
    this.#run = run
    this.#there = linesIn(path)
    const { count, half } = this.#there
    const { entries } = run.spec.data
    if (count + (half > 0 ? 1 : 0) > entries)
      throw new UsageError(
        `${path} has more lines than run ${run.name} has puzzles, which are ${entries}: give another file`,
      )
    this.from = Math.max(0, count - 1)
    this.#next = this.from
    this.#file = new LineFile(path)
  }

  /** Takes the record that comes next. Throws `UsageError` where the file turns out to be of something else, and `FileError`. */
  take(record: CollectedRecord): void {
    const line = shownJson(record)
    if (this.#next < this.#there.count) {
      if (!isLineOf(record, this.#there.last)) throw this.#ofOthers()
    } else {
      this.#cutHalf(line)
      this.#file.append(line)
    }
    this.#next += 1
  }

  flush(): void {
    this.#file.flush()
  }

  close(): void {
    this.#file.close()
  }

  /** Cuts half a line off, where the file is the run's. */
  #cutHalf(line: string): void {
    const { count, size, half } = this.#there
    if (half === 0 || this.#isCut) return
    if (count === 0 && !isStartOf(line, this.#path, half)) throw this.#ofOthers()
    this.#file.close()
    try {
      truncateSync(this.#path, size)
    } catch (cause) {
      throw fileError('write', this.#path, cause)
    }
    this.#file = new LineFile(this.#path)
    this.#isCut = true
  }

  #ofOthers(): UsageError {
    return new UsageError(`${this.#path} holds something else than run ${this.#run.name}: give another file`)
  }
}

function linesIn(path: string): Lines {
  let [count, size, last, half] = [0, 0, '', 0]
  if (!existsSync(path)) return { count, size, last, half }
  for (const line of linesOf(path)) {
    if (line.isWhole) {
      count += 1
      size += line.size
      last = line.text
    } else half = line.size
  }
  return { count, size, last, half }
}

function isLineOf(record: CollectedRecord, line: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(line), record)
  } catch {
    return false
  }
}

/** Whether the file, which is of so many bytes, holds the start of the line. */
function isStartOf(line: string, path: string, size: number): boolean {
  const bytes = Buffer.from(line)
  return size <= bytes.length && bytes.subarray(0, size).equals(readBytes(path))
}
