/** Ctrl-C: the first ends a run cleanly, the second the process at once. */
import { whenReaderLeaves } from './reader.ts'

/**
 * Does `work` with a signal that Ctrl-C aborts, or the reader of our output by leaving: then it is to end soon and say
 * what it did. A second Ctrl-C is left to Node, which ends the process.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt)
  whenReaderLeaves(interrupt)
  try {
    return await work(interrupted.signal)
  } finally {
    process.off('SIGINT', interrupt)
  }
}
