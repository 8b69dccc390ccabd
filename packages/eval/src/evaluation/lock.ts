/** Who writes into a folder: one process at a time. `lock.*` in it names the one that does. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type FolderHolder, FolderInUseError } from '../errors.ts'
import { writeFile } from '../files.ts'
import { isRunning, type ProcessId, thisProcess } from './process.ts'

/** What a lock file holds. */
interface Holder extends ProcessId {
  /** When it took the folder, ISO 8601. */
  readonly since: string
}

/**
 * A folder taken for this process, until it is released or the process ends. Whoever wants it puts a lock of its own
 * beside what is there and then looks: alone with the dead it has the folder, else it takes its lock away again. Of two
 * at once, the one that looks last has put its lock before it looked, so never both have it; no lock is ever replaced,
 * and none that is alive removed by another.
 */
export class FolderLock {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  /** Throws `FolderInUseError` where another process, or another run of this one, has the folder; `FileError`. */
  static take(folder: string): FolderLock {
    for (;;) {
      refuseIfHeld(folder)
      const own = new FolderLock(join(folder, `lock.${randomBytes(6).toString('hex')}`))
      // Whole from the first: half a lock would be taken for a dead one's.
      writeFile(own.#file, `${JSON.stringify(thisHolder())}\n`)
      const others = locksIn(folder).filter((file) => file !== own.#file)
      // Looked at last: whoever took it for a dead one's, as where a file is there before what is in it, has removed it before
      // he is gone himself.
      if (!others.some(holderOf) && existsSync(own.#file)) {
        for (const dead of others) rmSync(dead, { force: true })
        return own
      }
      own.release()
      // Else two that met might meet for ever.
      pause(Math.random() * 20)
    }
  }

  release(): void {
    rmSync(this.#file, { force: true })
  }
}

function locksIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^lock\.[0-9a-f]{12}$/.test(name))
  return names.map((name) => join(folder, name))
}

function refuseIfHeld(folder: string): void {
  for (const file of locksIn(folder)) {
    const holder = holderOf(file)
    if (holder) throw new FolderInUseError(folder, file, holder)
  }
}

/** Holds this thread for so many milliseconds. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

function thisHolder(): Holder {
  return { ...thisProcess(), since: new Date().toISOString() }
}

/** Who holds by this lock; undefined where nobody does, as its process is dead or has not written it to its end. */
function holderOf(file: string): FolderHolder | undefined {
  const holder = readHolder(file)
  const running = holder ? isRunning(holder) : 'no'
  return holder && running !== 'no' ? { ...holder, running } : undefined
}

function readHolder(file: string): Holder | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const holder = JSON.parse(text) as Holder
    const texts = [holder.host, holder.boot, holder.pids, holder.start, holder.since]
    const isWhole = Number.isInteger(holder.pid) && texts.every((field) => typeof field === 'string')
    return isWhole && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}
