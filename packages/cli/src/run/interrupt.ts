/** Ctrl-C ends a command in its own time: what is done is kept, what is in flight is given up. */

/** Runs `command` with a signal that the first Ctrl-C aborts; the second one ends the process. */
export async function interruptible<Result>(
  command: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const interrupted = new AbortController()
  const onInterrupt = () => interrupted.abort(new Error('interrupted'))
  process.once('SIGINT', onInterrupt)
  try {
    return await command(interrupted.signal)
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}
