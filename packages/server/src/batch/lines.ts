/** The lines of a body as they come, numbered from 1; empty ones are passed over. Holds one line at a time, however long the body is. */

/** A line, or one that is too long: its bytes are passed over, and what comes behind it is read. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: 'too long' | 'no UTF-8' }

const NEWLINE = 0x0a

export async function* linesOf(chunks: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: Uint8Array[] = []
  let size = 0
  let number = 1
  const take = (): Line | undefined => {
    const bytes = Buffer.concat(parts)
    const isTooLong = size > mostBytes
    parts = []
    size = 0
    if (isTooLong) return { number, fault: 'too long' }
    try {
      const text = decoder.decode(bytes).trim()
      return text === '' ? undefined : { number, text }
    } catch {
      return { number, fault: 'no UTF-8' }
    }
  }
  const keep = (bytes: Uint8Array) => {
    size += bytes.length
    if (size > mostBytes) parts = []
    else parts.push(bytes)
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at))
      const line = take()
      if (line) yield line
      number += 1
      from = at + 1
    }
    keep(chunk.subarray(from))
  }
  const last = take()
  if (last) yield last
}
