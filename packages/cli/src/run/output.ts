/**
 * What commands write. All of it goes through here: in order, each call whole, no faster than it is read, and without
 * codes that steer the terminal, but for those of our own pictures. Also what happens when it can't be written, or when
 * its reader leaves (`| head`): that is no error, and by default the end of the process.
 */
import { fstatSync } from 'node:fs'
import { FileError, fileError, writeWhole } from '@ptrm/eval/files'
import { shownJson, shownLines } from '@ptrm/puzzles'
import { BAD_INPUT, Ended } from './exit.ts'

/** A text of our own making, which may hold colours. */
export interface Drawn {
  readonly drawn: string
}

/** Writes to stdout; resolves when more may be written. Rejects with `FileError` where stdout can't be written. */
export async function print(...parts: readonly (string | Drawn)[]): Promise<void> {
  const text = parts.map((part) => (typeof part === 'string' ? shownLines(part) : part.drawn)).join('')
  await outputs.stdout.write(text)
  if (outputs.stdout.fault) throw outputs.stdout.fault
}

/** Writes a line of JSON to stdout, as `print` does. */
export function printJson(record: unknown): Promise<void> {
  return print({ drawn: `${shownJson(record)}\n` })
}

/** Writes to stderr; resolves when more may be written. Where that can't be done, the answers still are. */
export async function tell(text: string): Promise<void> {
  await outputs.stderr.write(shownLines(text))
}

/** Writes what is made for a terminal to stderr, codes and all. */
export function drawOnTerminal(text: string): void {
  process.stderr.write(text)
}

/** Watches stdout and stderr. */
export function watchOutput(): void {
  for (const output of Object.values(outputs)) output.watch()
}

/** Lets a command end by itself in place of `process.exit`, which would kill its workers in the middle of native code. */
export function whenOutputEnds(handler: (reason: Error) => void): void {
  end = handler
}

/** The exit code of a command, unless nobody was there to see what it did, or not all of that was written. */
export function exitCodeFor(code: number): number {
  if (outputs.stdout.fault || outputs.stderr.fault) return BAD_INPUT
  // Codes of signals stay: a closed terminal takes the reader along.
  return gone && code < 128 ? 0 : code
}

export function readerIsGone(): boolean {
  return gone
}

/** Whether it is the error of stdout, which stderr has had. */
export function wasTold(error: unknown): boolean {
  return error !== undefined && error === outputs.stdout.fault
}

/** Resolves when all is written. */
export async function written(): Promise<void> {
  await Promise.all(Object.values(outputs).map((output) => output.written()))
}

const leave = (): void => process.exit(0)
let end: (reason: Error) => void = leave
let gone = false

/** Stdout or stderr. */
class Output {
  readonly #name: 'stdout' | 'stderr'
  readonly #descriptor: number
  /** Not to be looked at before it is needed: Node opens it then. */
  readonly #stream: () => NodeJS.WriteStream
  #isFile: boolean | undefined
  #drained: Promise<void> | undefined
  /** Why it can't be written. */
  fault: FileError | undefined

  constructor(name: 'stdout' | 'stderr', descriptor: number) {
    this.#name = name
    this.#descriptor = descriptor
    this.#stream = () => process[name]
  }

  watch(): void {
    this.#stream().on('error', (error) => this.#fail(error))
  }

  write(text: string): Promise<void> | void {
    if (text === '' || gone || this.fault) return
    this.#isFile ??= this.#isFileLike()
    if (this.#isFile) return this.#writeToFile(text)
    if (!this.#stream().write(text)) return this.#drain()
  }

  written(): Promise<void> {
    return new Promise((resolve) => this.#stream().write('', () => resolve()))
  }

  /** Node's own stream takes a write to a file for done that a full disk took half of. */
  #writeToFile(text: string): void {
    try {
      writeWhole(this.#descriptor, Buffer.from(text), this.#name)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #isFileLike(): boolean {
    const stats = fstatSync(this.#descriptor)
    return stats.isFile() || (stats.isCharacterDevice() && !this.#stream().isTTY)
  }

  #drain(): Promise<void> {
    this.#drained ??= new Promise((resolve) => {
      const stream = this.#stream()
      const done = () => {
        stream.off('drain', done).off('error', done)
        this.#drained = undefined
        resolve()
      }
      stream.on('drain', done).on('error', done)
    })
    return this.#drained
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#isReaderGone(error)) {
      gone = true
      end(new Ended('the reader of the output left', 0))
    } else if (!this.fault) {
      this.fault = error instanceof FileError ? error : fileError('write', this.#name, error)
      process.exitCode = BAD_INPUT
      if (this.#name === 'stdout') this.#tellFault(this.fault)
    }
  }

  /** The run is not worth going on with. */
  #tellFault(fault: FileError): void {
    void tell(`ptrm: ${fault.message}\n`)
    if (end !== leave) end(fault)
  }

  /** A terminal that was closed answers with EIO. */
  #isReaderGone({ code }: NodeJS.ErrnoException): boolean {
    return code === 'EPIPE' || (code === 'EIO' && this.#stream().isTTY)
  }
}

const outputs = { stdout: new Output('stdout', 1), stderr: new Output('stderr', 2) } as const
