/**
 * The named errors of evaluations: each says what was wrong and what to do. They spell options as `ptrm` does, since that
 * is where most of them are read: `--at` is the option `at`.
 */

/** Data or options that nothing can be measured with. */
export class EvaluationError extends Error {
  override readonly name: string = 'EvaluationError'
}

/** A folder that holds another run than the one asked for, or none that can be read. */
export class RunMismatchError extends EvaluationError {
  override readonly name = 'RunMismatchError'
}
