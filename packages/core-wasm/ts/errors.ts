/** The named errors of the kernel's loader: models that do not fit, and machines that can't run it. */

/** Stable reasons for a `ModelFormatError`. */
export type ModelFormatCode =
  | 'missing-tensor'
  | 'wrong-shape'
  | 'not-finite'
  | 'wrong-value'
  | 'config'
  | 'truncated'
  | 'malformed'
  | 'unsupported-dtype'
  | 'too-large'

/** A model that can't be loaded: which tensor or config field, what was wanted, what was found. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError'
  readonly code: ModelFormatCode
  /** The tensor or config field at fault; undefined when the whole file is. */
  readonly tensor: string | undefined
  readonly wanted: readonly number[] | undefined
  readonly found: readonly number[] | undefined

  constructor(
    code: ModelFormatCode,
    message: string,
    details: { tensor?: string; wanted?: readonly number[]; found?: readonly number[] } = {},
  ) {
    super(message)
    this.code = code
    this.tensor = details.tensor
    this.wanted = details.wanted
    this.found = details.found
  }
}

/** The model is no plain TRM: what its cells take from one another depends on the puzzle, so no weights can be written out. */
export class NoPlainTrmError extends Error {
  override readonly name = 'NoPlainTrmError'
}

/** The kernel can't run here; the message says what is missing and what to do. */
export class KernelUnavailableError extends Error {
  override readonly name = 'KernelUnavailableError'
}

/** What the kernel threw; a trap, which says no more than `unreachable`, as what it most likely means. */
export function kernelError(thrown: unknown): Error {
  if (thrown instanceof WebAssembly.RuntimeError)
    return new KernelUnavailableError(
      `the kernel stopped (${thrown.message}), most likely for want of memory: it has 4 GiB at most, for all models and ` +
        'boards of its thread together; close models, or hold fewer slots',
      { cause: thrown },
    )
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Turns what the kernel threw where it loaded a model into a `ModelFormatError`, or into `kernelError`. */
export function modelFormatError(thrown: unknown): Error {
  if (typeof thrown !== 'string') return kernelError(thrown)
  const { code, tensor, reason, wanted, found } = JSON.parse(thrown) as {
    code: ModelFormatCode
    tensor: string
    reason: string
    wanted: number[]
    found: number[]
  }
  const what = code === 'config' ? `config field ${tensor}` : `tensor ${tensor}`
  const shapes = code === 'wrong-shape' ? `: wanted [${wanted}], found [${found}]` : ''
  return new ModelFormatError(code, `${what} ${reason}${shapes}`, { tensor, wanted, found })
}
