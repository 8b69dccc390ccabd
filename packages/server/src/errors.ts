/**
 * Whatever goes wrong as one JSON shape: a class to tell by, a message for people, and a place. What is the caller's fault is
 * told in full; of what is not, the log has the rest, as it may name files of this machine.
 */
import {
  BackendUnavailableError,
  BoardTooLargeError,
  ClueWithoutTokenError,
  ContradictionError,
  KernelUnavailableError,
  ModelKindError,
  PlanError,
  PuzzleParseError,
  WorkerCrashedError,
} from '@ptrm/orchestrator'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** A field of the request, or a character of the puzzle or answer in it. */
export interface ErrorPlace {
  /** JSON pointer: `/plan/rollouts`. */
  readonly field: string
  /** Of the text in this field, from 1. */
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** What stands under `error` in an answer. */
export interface ErrorBody {
  readonly class: string
  readonly message: string
  readonly place?: ErrorPlace | undefined
}

/** What the service itself refuses. */
export class ServiceError extends Error {
  override readonly name: string
  readonly status: ContentfulStatusCode
  readonly place: ErrorPlace | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    name: string,
    status: ContentfulStatusCode,
    message: string,
    more: { readonly place?: ErrorPlace; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.name = name
    this.status = status
    this.place = more.place
    this.headers = more.headers ?? {}
  }
}

/** nginx's number for a client that went, so that logs and metrics tell it apart; nobody reads it. */
const CLIENT_GONE = 499

/** The reason of work whose client went. */
export class ClientGoneError extends ServiceError {
  constructor() {
    super('ClientGoneError', CLIENT_GONE as ContentfulStatusCode, 'the client went')
  }
}

/** An error as it is answered. */
export interface Told {
  readonly status: ContentfulStatusCode
  readonly body: ErrorBody
  readonly headers: Readonly<Record<string, string>>
}

/** Reads well, or nearly, and can't be solved. */
const UNSOLVABLE = [ContradictionError, BoardTooLargeError, ClueWithoutTokenError, ModelKindError]
/** Engines that fail; another machine may do better, or this one later. */
const ENGINES = [WorkerCrashedError, BackendUnavailableError, KernelUnavailableError]
const RETRY_SECONDS = '5'

/** What a caller is told of an error. */
export function told(error: unknown): Told {
  if (error instanceof ServiceError) {
    const { name, message, place, status, headers } = error
    return { status, body: { class: name, message, place }, headers }
  }
  if (error instanceof PuzzleParseError) {
    const { line, column } = error.where
    const field = error.where.source === ANSWER ? '/answer' : '/puzzle'
    return refusal(422, error.name, error.reason, { field, line, column })
  }
  if (UNSOLVABLE.some((type) => error instanceof type))
    return refusal(422, (error as Error).name, (error as Error).message, { field: '/puzzle' })
  if (error instanceof PlanError)
    return refusal(400, error.name, error.message, { field: `/plan/${error.field}` })
  if (error instanceof HTTPException)
    return refusal(error.status as ContentfulStatusCode, 'BadRequestError', error.message)
  if (ENGINES.some((type) => error instanceof type)) {
    const message =
      'the engine that runs rollouts failed; the log of the service says why, under the id of this request'
    return { ...refusal(503, (error as Error).name, message), headers: { 'Retry-After': RETRY_SECONDS } }
  }
  return refusal(500, 'InternalError', 'the service failed; its log says why, under the id of this request')
}

/** What the text of an answer is called where it is read, so that its errors are told from the puzzle's. */
export const ANSWER = 'answer'

function refusal(status: ContentfulStatusCode, name: string, message: string, place?: ErrorPlace): Told {
  return { status, body: { class: name, message, place }, headers: {} }
}
