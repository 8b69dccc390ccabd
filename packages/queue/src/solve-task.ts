/** One job: solves its puzzles and keeps a record of each. Doing it twice, or on two machines at once, changes nothing. */
import { BoardTooLargeError, ClueWithoutTokenError, ContradictionError } from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import pMap from 'p-map'
import { readPuzzles } from './entries.ts'
import type { Task } from './layout.ts'
import { RangeTask } from './ranges.ts'
import { keepRefusal, keepResult, solveOptions, type Workplace } from './workplace.ts'

/**
 * Solves what has no record yet. A puzzle that fails does not keep the others from theirs; the first failure then rejects,
 * with the puzzle's place. Rejects with the signal's reason once that is aborted.
 */
export async function solveTask(place: Workplace, task: Task, signal: AbortSignal): Promise<void> {
  const isWhole = task.from === 0 && task.to === place.layout.rollouts
  if (isWhole) {
    return eachPuzzle(place, await withoutRecord(place, task), signal, async (index, found) => {
      const result = await place.engine.solve(found.puzzle, { ...solveOptions(place), signal })
      await keepResult(place, index, found, result)
    })
  }
  const range = new RangeTask(place, task)
  try {
    const wanted = await range.wanted(task.puzzles)
    await eachPuzzle(place, wanted, signal, (index, found) => range.solve(index, found, signal))
  } finally {
    range.close()
  }
}

async function withoutRecord({ redis, keys }: Workplace, { puzzles }: Task): Promise<number[]> {
  const records = await redis.hmgetBuffer(keys.results, ...puzzles.map(String))
  return puzzles.filter((_, i) => records[i] === null)
}

async function eachPuzzle(
  place: Workplace,
  indexes: readonly number[],
  signal: AbortSignal,
  solve: (index: number, found: Found) => Promise<void>,
): Promise<void> {
  if (indexes.length === 0) return
  const work = async ([index, found]: [number, Found]) => {
    signal.throwIfAborted()
    try {
      await solve(index, found)
    } catch (error) {
      signal.throwIfAborted()
      if (isRefusal(error)) return await keepRefusal(place, index, found, error)
      throw new Error(`puzzle ${index}: ${(error as Error).message}`, { cause: error })
    }
  }
  try {
    const puzzles = await readPuzzles(place.redis, place.keys, indexes)
    await pMap(puzzles, work, { concurrency: place.engine.slots, stopOnError: false })
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error
  }
}

/** Whether it is of a puzzle that reads well but that no rollout can be run for. */
function isRefusal(error: unknown): error is Error {
  return [BoardTooLargeError, ClueWithoutTokenError, ContradictionError].some((type) => error instanceof type)
}
