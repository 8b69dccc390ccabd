/** What `ptrm collect` does. */
import { collect as collectRun, progressOf, readRun, removeRun } from '@ptrm/queue'
import { exitCodeOfAbort } from '../run/exit.ts'
import { interruptible } from '../run/interrupt.ts'
import { printJson, tell, written } from '../run/output.ts'
import { Progress } from '../run/progress.ts'
import { connected } from './connected.ts'
import { RunFile } from './run-file.ts'

export interface CollectFlags {
  readonly redis: string
  readonly output?: string
  readonly remove?: boolean
  readonly quiet?: boolean
}

/** Exit codes as those of `ptrm solve`. Throws what the collecting throws, and what `RunFile` does. */
export function collect(name: string, flags: CollectFlags): Promise<number> {
  return interruptible((signal) =>
    connected(flags.redis, async (redis) => {
      const run = await readRun(redis, name)
      const file = flags.output === undefined ? undefined : new RunFile(flags.output, run)
      const progress = new Progress(!flags.quiet)
      let next = file?.from ?? 0
      try {
        const before = (await progressOf(redis, run)).done
        const records = collectRun(redis, run, {
          from: next,
          signal,
          onProgress: ({ done, verified, entries }) =>
            progress.draw({ done, solved: verified, before }, entries),
        })
        for await (const record of records) {
          if (file) file.take(record)
          else {
            progress.clear()
            await printJson(record)
          }
          next += 1
          // Many records are at hand, and what is printed for a reader that has left comes to nothing.
          signal.throwIfAborted()
        }
        progress.clear()
        file?.flush()
        // That the reader has left may show in the last write only, and is heard of by the time that Redis has answered.
        await written()
        const { verified, unsolved, bad } = await progressOf(redis, run)
        signal.throwIfAborted()
        if (flags.remove) await removeRun(redis, run)
        if (!flags.quiet)
          await tell(`solved ${verified} of ${verified + unsolved}${bad > 0 ? `, ${bad} unusable` : ''}\n`)
        if (bad > 0) return 2
        return unsolved > 0 ? 1 : 0
      } catch (error) {
        progress.clear()
        if (!signal.aborted) throw error
        await tell(`interrupted after ${next} of ${run.spec.data.entries} puzzles\n`)
        return exitCodeOfAbort(signal)
      } finally {
        file?.close()
      }
    }),
  )
}
