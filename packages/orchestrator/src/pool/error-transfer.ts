/**
 * Errors on their way between threads. A structured clone of an error keeps its message alone, so that they travel as
 * plain data and are made anew on the other side: class, fields, stack, causes, and the errors of an `AggregateError`.
 *
 * A class that is not on the list arrives as its nearest listed ancestor, with its name. Knows no worker and no port.
 */
import { KernelUnavailableError, ModelFormatError, NoPlainTrmError } from '@ptrm/core-wasm'
import { ClueWithoutTokenError, ContradictionError, PuzzleParseError, UnknownKindError } from '@ptrm/puzzles'
import {
  BackendUnavailableError,
  BoardTooLargeError,
  ModelKindError,
  ModelUnavailableError,
  PlanError,
  WorkerCrashedError,
} from '../errors.ts'

/** Named by hand, as page and worker are minified apart. */
const CLASSES: Readonly<Record<string, { readonly prototype: Error }>> = {
  // A page may be without WebAssembly, and then has none of its errors.
  ...(typeof WebAssembly !== 'undefined' && {
    CompileError: WebAssembly.CompileError,
    LinkError: WebAssembly.LinkError,
    RuntimeError: WebAssembly.RuntimeError,
  }),
  DOMException,
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  BackendUnavailableError,
  BoardTooLargeError,
  ClueWithoutTokenError,
  ContradictionError,
  KernelUnavailableError,
  ModelFormatError,
  ModelKindError,
  ModelUnavailableError,
  NoPlainTrmError,
  PlanError,
  PuzzleParseError,
  UnknownKindError,
  WorkerCrashedError,
}
const NAMES = new Map(Object.entries(CLASSES).map(([name, { prototype }]) => [prototype, name]))
const DOM_EXCEPTION = 'DOMException'

/** Chains of causes longer than this are cut; they may be circles. */
const DEEPEST = 16

/** An error as plain data. Structured-cloneable. */
export interface ErrorData {
  readonly class: string
  readonly message: string
  readonly stack: string | undefined
  /** Its own fields, without those that can't be cloned. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly cause?: Thrown | undefined
  readonly errors?: readonly Thrown[] | undefined
}

/** Whatever was thrown: an error, or a value that is none. */
export type Thrown = { readonly error: ErrorData } | { readonly value: unknown }

/** Whatever was thrown as plain data; `depth` counts the causes above it. */
export function toThrown(thrown: unknown, depth = 0): Thrown {
  if (!(thrown instanceof Error)) return { value: isCloneable(thrown) ? thrown : String(thrown) }
  const { name, message, stack, cause } = thrown
  const known = classOf(thrown)
  // Some errors have their cause, or the list of an aggregate, as a field like any other.
  const { cause: _, errors: __, ...own } = { ...thrown } as Record<string, unknown>
  const fields = Object.fromEntries(Object.entries(own).filter(([, value]) => isCloneable(value)))
  const isDeepest = depth >= DEEPEST
  const deeper = (inner: unknown) => toThrown(inner, depth + 1)
  return {
    error: {
      class: known,
      message,
      stack,
      fields: name === nameOf(known) ? fields : { ...fields, name },
      ...('cause' in thrown && !isDeepest && { cause: deeper(cause) }),
      ...(thrown instanceof AggregateError && !isDeepest && { errors: thrown.errors.map(deeper) }),
    },
  }
}

/** Makes anew what `toThrown` was given. */
export function fromThrown(thrown: Thrown): unknown {
  if ('value' in thrown) return thrown.value
  const { class: known, message, stack, fields, cause, errors } = thrown.error
  const { name, ...others } = fields
  const error = known === DOM_EXCEPTION ? new DOMException(message, String(name)) : blank(known, message)
  const hidden = (key: string, value: unknown) =>
    Object.defineProperty(error, key, { value, writable: true, configurable: true })
  hidden('stack', stack)
  if (cause) hidden('cause', fromThrown(cause))
  if (errors) hidden('errors', errors.map(fromThrown))
  return Object.assign(error, known === DOM_EXCEPTION ? others : fields)
}

/** No constructor of ours runs: they take other arguments, and make messages of them. */
function blank(known: string, message: string): Error {
  return Object.setPrototypeOf(new Error(message), (CLASSES[known] ?? Error).prototype)
}

/** The name that errors of the class have of themselves; a DOMException has none but its own, its code goes with it. */
function nameOf(known: string): string | undefined {
  return known === DOM_EXCEPTION ? undefined : CLASSES[known]!.prototype.name
}

/** The listed class that it is of, or else inherits from. */
function classOf(error: Error): string {
  let prototype: unknown = error
  let name: string | undefined
  while (name === undefined) {
    prototype = Object.getPrototypeOf(prototype)
    name = NAMES.get(prototype as Error)
    // An error of another realm, such as a test runner's.
    if (prototype === null) return 'Error'
  }
  return name
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
