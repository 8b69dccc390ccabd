/** A worker that dies or throws when the job's puzzle orders it to, on any platform. */
import { ModelFormatError } from '@ptrm/core-wasm'
import { ContradictionError, PuzzleParseError, UnknownKindError } from '@ptrm/puzzles'
import { BackendUnavailableError, PlanError } from '../src/errors.ts'
import { toThrown } from '../src/pool/error-transfer.ts'
import type { FromWorker, ToWorker } from '../src/pool/protocol.ts'

/** Rides on a job's puzzle: what the run fails with instead, built in the worker. */
export interface ThrowOrder {
  readonly throws: string
}

/** Errors of every kind that may come from a worker, as workers make them. */
export const THROWN: Readonly<Record<string, () => unknown>> = {
  'a format error': () =>
    new ModelFormatError('wrong-shape', 'tensor t: wanted [1], found [2]', {
      tensor: 't',
      wanted: [1],
      found: [2],
    }),
  'a place in a text': () => new PuzzleParseError('bad', { source: 'a.txt', line: 3, column: 5 }),
  'a subclass that has the name of its parent': () =>
    new UnknownKindError('chess', ['sudoku'], { line: 1, column: 1 }),
  'a list of cells': () => new ContradictionError('11', [{ rule: 'row', cells: [0, 1] }]),
  'a chain of causes': () =>
    new BackendUnavailableError('gpu', 'no driver', new RangeError('7', { cause: 'a word' })),
  'a circle of causes': () => {
    const error = new Error('round')
    error.cause = error
    return error
  },
  several: () => new AggregateError([new PlanError('steps', 0, '1'), new TypeError('x')], 'two'),
  'a class that no list has': () =>
    Object.assign(new (class StrangeError extends RangeError {})('strange'), {
      name: 'StrangeError',
      code: 7,
      uncloneable: () => {},
    }),
  'no error at all': () => 'a string',
}

/** Rides on a job's puzzle. */
export interface CrashOrder {
  /** The rollout to die on. */
  readonly crashOn: number
  /** How often yet, one value, in memory that all workers share. */
  readonly crashesLeft: Int32Array
}

export function crashOrder(crashOn: number, times: number): CrashOrder {
  const crashesLeft = new Int32Array(new SharedArrayBuffer(4))
  crashesLeft[0] = times
  return { crashOn, crashesLeft }
}

/** A worker's ear that obeys such orders; `die` ends the worker as the platform would see it crash. */
export function crashing(
  hear: (message: ToWorker) => void,
  { post, die }: { post(message: FromWorker): void; die(): void },
): (message: ToWorker) => void {
  return (message) => {
    if (message.type !== 'run') return hear(message)
    const { run, job } = message
    const { crashOn, crashesLeft, throws } = job.puzzle as Partial<CrashOrder & ThrowOrder>
    if (throws !== undefined) post({ type: 'failed', run, thrown: toThrown(THROWN[throws]!()) })
    else if (!crashesLeft || !job.rollouts.includes(crashOn!) || Atomics.sub(crashesLeft, 0, 1) <= 0)
      hear(message)
    else die()
  }
}
