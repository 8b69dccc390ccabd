/** What happens when the reader of our output leaves (`| head`): no error, and by default the end of the process. */

let leave = (): void => process.exit(0)
let gone = false

/** Watches stdout and stderr. */
export function watchReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      gone = true
      leave()
    })
}

/** Lets a command end by itself in place of `process.exit`, which would kill its workers in the middle of native code. */
export function whenReaderLeaves(handler: () => void): void {
  leave = handler
}

/** The exit code of a command, unless nobody was there to see what it did. */
export function exitCodeFor(code: number): number {
  return gone ? 0 : code
}

export function readerIsGone(): boolean {
  return gone
}
