/** Ctrl-C and its like: the first ends a run cleanly, the second the process at once. */
import { type EndingSignal, endedBy, SIGNALS } from './exit.ts'
import { whenOutputEnds } from './output.ts'

/**
 * Does `work` with a signal that Ctrl-C, SIGTERM and SIGHUP abort, or the output: its reader leaves, or it can't be
 * written. Then the work is to end soon and say what it did. The next such signal is left to Node, which ends the process.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const ended = new AbortController()
  const ignore = () => {
    for (const signal of SIGNALS) process.off(signal, interrupt)
  }
  const interrupt = (signal: EndingSignal) => {
    ignore()
    ended.abort(endedBy(signal))
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  whenOutputEnds((reason) => ended.abort(reason))
  try {
    return await work(ended.signal)
  } finally {
    ignore()
  }
}
