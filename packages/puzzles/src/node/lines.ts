/** The lines of a stream of bytes, packed or not, in UTF-8 or UTF-16, as they come: a line waits for no other. */
import { LONGEST_LINE } from '../notation/reader.ts'

/** Stands for a line of more than `LONGEST_LINE` characters: it is passed over, so that no input takes much memory. */
export const TOO_LONG: unique symbol = Symbol('a line that was too long')
export type Line = string | typeof TOO_LONG

/** Bytes; a larger text is no puzzle file, but a bomb. */
const MOST_UNPACKED = 2 ** 28
/** Bytes at the start of a text that tell whether it is one. */
const HEAD = 4096
/** First bytes that may be half a mark. */
const HALF_MARKS = [0x1f, 0xff, 0xfe]

type Chunks = AsyncIterable<Uint8Array>

/**
 * Lines in the groups in which they arrive; `most` is how many bytes a packed text may have. Throws an `Error` that says
 * why the bytes are no text.
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number = MOST_UNPACKED,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter()
  for await (const text of textOf(unpacked(bytes, most))) yield splitter.push(text)
  yield splitter.end()
}

/** Cuts a text that comes in pieces into lines; `\n`, `\r\n` and `\r` end one. */
export class LineSplitter {
  #open = ''
  #isTooLong = false
  /** The last piece ended with `\r`: a `\n` at the start of the next one belongs to it. */
  #skipsNewline = false

  /** The lines that a piece of the text completes. */
  push(text: string): Line[] {
    if (text === '') return []
    const rest = this.#skipsNewline && text.startsWith('\n') ? text.slice(1) : text
    this.#skipsNewline = text.endsWith('\r')
    const parts = rest.split(/\r\n|\n|\r/)
    const last = parts.pop()!
    const lines = parts.map((part) => this.#close(part))
    this.#append(last)
    return lines
  }

  /** The line that has no line break behind it. */
  end(): Line[] {
    return this.#open === '' && !this.#isTooLong ? [] : [this.#close('')]
  }

  #append(text: string): void {
    if (this.#isTooLong || this.#open.length + text.length > LONGEST_LINE) {
      this.#isTooLong = true
      this.#open = ''
    } else this.#open += text
  }

  #close(text: string): Line {
    this.#append(text)
    const line = this.#isTooLong ? TOO_LONG : this.#open
    this.#open = ''
    this.#isTooLong = false
    return line
  }
}

/** The bytes themselves, or what they unpack to. */
async function* unpacked(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Chunks {
  const { head, all } = await withHead(bytes)
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* all
    return
  }
  // Loaded for packed bytes alone: it takes longer than to solve a puzzle.
  const [{ createGunzip }, { Readable }, { pipeline }] = await Promise.all([
    import('node:zlib'),
    import('node:stream'),
    import('node:stream/promises'),
  ])
  const gunzip = createGunzip()
  // A fault ends the reading below, which tells of it.
  pipeline(Readable.from(all, { objectMode: false }), gunzip).catch(() => {})
  let size = 0
  for await (const chunk of gunzip as Chunks) {
    size += chunk.length
    if (size > most) throw new Error(`it unpacks to more than ${most} bytes`)
    yield chunk
  }
}

/** Bytes as text: UTF-16 where a byte order mark says so, else UTF-8. */
async function* textOf(bytes: Chunks): AsyncGenerator<string> {
  const { head, all } = await withHead(bytes)
  const encoding = encodingOf(head)
  const decoder = new TextDecoder(encoding)
  let seen = 0
  for await (const chunk of all) {
    const text = decoder.decode(chunk, { stream: true })
    if (seen < HEAD && text.slice(0, HEAD - seen).includes('\0')) throw new Error(zeroReason(chunk))
    seen += text.length
    yield text
  }
  yield decoder.decode()
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** Programs hold zero bytes near their start, texts never do, unless each character of theirs has two bytes. */
function zeroReason(chunk: Uint8Array): string {
  const zeros = [...chunk.subarray(0, HEAD).entries()].filter(([, byte]) => byte === 0)
  const places = new Set(zeros.map(([at]) => at % 2))
  const isHalf = zeros.length * 3 > Math.min(chunk.length, HEAD)
  if (places.size === 1 && isHalf)
    return 'it seems to be UTF-16 without a byte order mark: expected UTF-8, or UTF-16 with its mark'
  return 'it holds zero bytes, so it is no text in UTF-8 (or, with a byte order mark, UTF-16)'
}

/** At least the first two bytes, as far as they can be a mark, and all bytes from the first on. */
async function withHead(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly all: Chunks }> {
  const iterator = iterate(bytes)
  let head: Uint8Array = new Uint8Array()
  while (head.length === 0 || (head.length === 1 && HALF_MARKS.includes(head[0]!))) {
    const { value, done } = await iterator.next()
    if (done) break
    head = head.length > 0 ? Buffer.concat([head, value]) : value
  }
  return { head, all: joined(head, iterator) }
}

async function* iterate(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes
}

async function* joined(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): Chunks {
  try {
    if (head.length > 0) yield head
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
