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

/** Who has a folder that is asked for. */
export interface FolderHolder {
  readonly pid: number
  readonly host: string
  /** When it took the folder, ISO 8601. */
  readonly since: string
  /** `unknown` for a process of another machine or container. */
  readonly running: 'yes' | 'unknown'
}

/** A folder that another run writes into. */
export class FolderInUseError extends EvaluationError {
  override readonly name = 'FolderInUseError'
  readonly holder: FolderHolder

  /** `lock`: the file that says so. */
  constructor(folder: string, lock: string, holder: FolderHolder) {
    const { pid, host, since, running } = holder
    const remedy = `wait for it, end it, or choose another folder (-o)`
    const ifGone = `; it can't be seen from here: if it is gone, remove ${lock}`
    super(
      `${folder} is in use by process ${pid} on ${host} since ${since}; ${remedy}${running === 'unknown' ? ifGone : ''}`,
    )
    this.holder = holder
  }
}
