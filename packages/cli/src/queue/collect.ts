/** What `ptrm collect` does. */
import { existsSync, truncateSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { LineFile, linesOf } from '@ptrm/eval/files'
import { shownJson } from '@ptrm/puzzles'
import { type CollectedRecord, collect as collectRun, progressOf, readRun, removeRun } from '@ptrm/queue'
import { UsageError } from '../input.ts'
import { exitCodeOfAbort } from '../run/exit.ts'
import { interruptible } from '../run/interrupt.ts'
import { printJson, tell } from '../run/output.ts'
import { Progress } from '../run/progress.ts'
import { connected } from './connected.ts'

export interface CollectFlags {
  readonly redis: string
  readonly output?: string
  readonly remove?: boolean
  readonly quiet?: boolean
}

/** Exit codes as those of `ptrm solve`. Throws what `collect` throws, and `FileError`. */
export function collect(name: string, flags: CollectFlags): Promise<number> {
  return interruptible((signal) =>
    connected(flags.redis, async (redis) => {
      const run = await readRun(redis, name)
      const there = linesIn(flags.output)
      const progress = new Progress(!flags.quiet)
      const before = (await progressOf(redis, run)).done
      const out = flags.output === undefined ? undefined : new LineFile(flags.output)
      // The last line again: it tells whether the file is of this run.
      let next = Math.max(0, there.count - 1)
      try {
        const records = collectRun(redis, run, {
          from: next,
          signal,
          onProgress: ({ done, verified, entries }) =>
            progress.draw({ done, solved: verified, before }, entries),
        })
        for await (const record of records) {
          if (next++ < there.count) refuseOthers(flags.output!, there.last, record)
          else if (out) out.append(shownJson(record))
          else {
            progress.clear()
            await printJson(record)
          }
        }
        out?.flush()
      } catch (error) {
        if (!signal.aborted) throw error
        await tell(`interrupted after ${next} of ${run.spec.data.entries} puzzles\n`)
        return exitCodeOfAbort(signal)
      } finally {
        progress.clear()
        out?.close()
      }
      const { verified, unsolved, bad } = await progressOf(redis, run)
      if (flags.remove) await removeRun(redis, run)
      if (!flags.quiet)
        await tell(`solved ${verified} of ${verified + unsolved}${bad > 0 ? `, ${bad} unusable` : ''}\n`)
      if (bad > 0) return 2
      return unsolved > 0 ? 1 : 0
    }),
  )
}

/** The whole lines of the file, behind which the run goes on; half a line of a killed process is cut off. Throws `FileError`. */
function linesIn(path: string | undefined): { readonly count: number; readonly last: string } {
  let [count, bytes, last] = [0, 0, '']
  if (path === undefined || !existsSync(path)) return { count, last }
  for (const { text, size, isWhole } of linesOf(path)) {
    if (!isWhole) {
      truncateSync(path, bytes)
      break
    }
    count += 1
    bytes += size
    last = text
  }
  return { count, last }
}

function refuseOthers(path: string, line: string, record: CollectedRecord): void {
  const other = new UsageError(`${path} holds lines of something else than this run: give another file`)
  try {
    if (isDeepStrictEqual(JSON.parse(line), record)) return
  } catch {
    throw other
  }
  throw other
}
