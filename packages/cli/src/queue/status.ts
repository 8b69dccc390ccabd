/** What `ptrm status` does. */
import { type RunStatus, RunVersionError, runNames, statusOf } from '@ptrm/queue'
import { print, printJson } from '../run/output.ts'
import { connected } from './connected.ts'

export interface StatusFlags {
  readonly redis: string
  readonly json?: boolean
}

/** The exit code is 1 where there are dead letters. Throws what `statusOf` throws. */
export function status(name: string | undefined, { redis: url, json }: StatusFlags): Promise<number> {
  return connected(url, async (redis) => {
    const names = name === undefined ? await runNames(redis) : [name]
    if (names.length === 0 && !json) await print('no run\n')
    let dead = 0
    for (const each of names) {
      const found = await statusOf(redis, each).catch((error: unknown) => {
        // Of all runs, one that this version can't read hides no other.
        if (name !== undefined || !(error instanceof RunVersionError)) throw error
        return error
      })
      if (found instanceof RunVersionError) {
        await (json ? printJson({ run: each, error: found.message }) : print(`${found.message}\n`))
        continue
      }
      dead += found.jobs.dead
      await (json ? printJson(recordOf(found)) : print(textOf(found)))
    }
    return dead > 0 ? 1 : 0
  })
}

function recordOf({ run, progress, jobs, deadLetters, workers }: RunStatus): object {
  const { name, spec, isSubmitted } = run
  return { run: name, submitted: isSubmitted, ...progress, jobs, deadLetters, workers, spec }
}

function textOf({ run, progress, jobs, deadLetters, workers }: RunStatus): string {
  const { entries, done, verified, unsolved, bad } = progress
  const lines = [
    `${run.name}: ${done} of ${entries} puzzles of ${run.spec.data.name}; ${verified} solved, ${unsolved} not, ${bad} unusable`,
    `  jobs: ${jobs.active} at work, ${jobs.waiting} waiting, ${jobs.delayed} to be tried again, ${jobs.dead} dead letters`,
    `  workers: ${workers.length}${workers.length > 0 ? ` (${[...new Set(workers.map(({ host }) => host))].join(', ')})` : ''}`,
    ...(run.isSubmitted ? [] : ['  its submission is not finished: submit it again']),
    ...deadLetters.map(
      ({ part, job, puzzles, reason }) =>
        `  dead letter ${part} ${job}, ${puzzles.length} puzzles: ${reason}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
