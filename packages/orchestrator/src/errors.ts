/** The named errors of the orchestrator: each says what was wrong, where, and what to do about it. */
import type { BoardSize } from '@ptrm/core-wasm'
import { shown } from '@ptrm/core-wasm/plan-values'

/** A plan or an option with a value out of range: `field` names it, `found` is the value. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  readonly field: string
  readonly found: unknown

  /** `of`: what the field is a part of, for the message. */
  constructor(field: string, found: unknown, wanted: string, of = 'plan') {
    super(`${field === '' ? of : `${of}.${field}`}: found ${shown(found)}, wanted ${wanted}`)
    this.field = field
    this.found = found
  }
}

/** Workers that died while they ran one rollout, or while they loaded, more often than the pool retries. */
export class WorkerCrashedError extends Error {
  override readonly name = 'WorkerCrashedError'
  /** Undefined where they died while they loaded. */
  readonly rollout: number | undefined
  readonly attempts: number

  constructor(rollout: number | undefined, attempts: number, cause: unknown) {
    const what =
      rollout === undefined
        ? `workers crashed ${attempts} times while they loaded`
        : `rollout ${rollout}: its worker crashed ${attempts} times`
    super(`${what}, last with: ${messageOf(cause)}`, { cause })
    this.rollout = rollout
    this.attempts = attempts
  }
}

/** A model file that can't be had; the message names it, the reason and the remedy. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError'
}

/** A model for puzzles of another kind than was asked for. */
export class ModelKindError extends Error {
  override readonly name = 'ModelKindError'
  readonly wanted: string
  readonly found: string

  constructor(wanted: string, found: string) {
    super(`the model is for ${found}, wanted one for ${wanted}: name another model, or leave the kind out`)
    this.wanted = wanted
    this.found = found
  }
}

/** A puzzle that reads well but that does not fit on the board of the model. */
export class BoardTooLargeError extends Error {
  override readonly name = 'BoardTooLargeError'
  /** Of the puzzle. */
  readonly found: BoardSize

  /**
   * `takes`: the largest board that the model takes, the number of its cells where no board is known, or which ones in words.
   * `other`: a model that takes this one.
   */
  constructor(
    kind: string,
    found: BoardSize,
    takes: BoardSize | number | string,
    model = 'this model',
    other?: string,
  ) {
    const most =
      typeof takes === 'string'
        ? takes
        : typeof takes === 'number'
          ? `of ${takes} cells`
          : `of at most ${takes.rows}x${takes.columns}`
    const remedy = other === undefined ? '' : `; the bundled ${other} takes it`
    super(
      `a ${kind} board of ${found.rows} rows x ${found.columns} columns: ${model} takes boards ${most}${remedy}`,
    )
    this.found = found
  }
}

/** An engine that this machine can't run: `reason` is the loader's own, with the remedy. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError'
  readonly backend: string
  readonly reason: string

  constructor(backend: string, reason: string, cause?: unknown) {
    super(`backend '${backend}' is not available: ${reason}`, { cause })
    this.backend = backend
    this.reason = reason
  }
}

/** What an error says; whatever else was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
