/** The named errors of the importer: files that can't be read safely, and configs that lack a value. */

/** Stable reasons for a `CheckpointError`. */
export type CheckpointCode =
  | 'truncated'
  | 'malformed'
  /** Asks for code to be run, or for an object outside the allow-list. */
  | 'unsafe'
  /** Well formed, but of a kind that is not read: legacy file, compressed entry, quantised tensor. */
  | 'unsupported'
  /** Over a limit that keeps memory and time bounded. */
  | 'too-large'
  /** Holds no TRM. */
  | 'no-model'
  /** Holds a network that has more to it than a TRM. */
  | 'foreign'
  /** Holds several TRMs; `--entry` picks one. */
  | 'ambiguous'

/** A checkpoint that can't be imported: what is wrong, where in the file, and what to do. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError'
  readonly code: CheckpointCode

  constructor(code: CheckpointCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** One value that the weights' shapes do not tell. */
export interface MissingField {
  /** As in the config JSON and the official YAML. */
  readonly field: string
  /** The flag of `ptrm import` that gives it. */
  readonly flag: string
  /** Why it can't be inferred here. */
  readonly why: string
}

/** A checkpoint whose config is incomplete; `missing` lists everything that is, not only the first. */
export class MissingConfigError extends Error {
  override readonly name = 'MissingConfigError'
  readonly missing: readonly MissingField[]

  constructor(missing: readonly MissingField[]) {
    const lines = missing.map(({ field, flag, why }) => `  ${field.padEnd(16)} ${flag.padEnd(24)} ${why}`)
    super(
      `the weights do not tell ${missing.length === 1 ? 'this value' : `these ${missing.length} values`}; ` +
        `give ${missing.length === 1 ? 'it' : 'them'} by flag, or in a JSON or the run's all_config.yaml by --config:\n${lines.join('\n')}`,
    )
    this.missing = missing
  }
}

/** Config values that are no such values, or that the weights contradict; all of them in one message. */
export class ConfigConflictError extends Error {
  override readonly name = 'ConfigConflictError'
  readonly conflicts: readonly string[]

  constructor(conflicts: readonly string[]) {
    super(`the config does not fit:\n${conflicts.map((line) => `  ${line}`).join('\n')}`)
    this.conflicts = conflicts
  }
}
