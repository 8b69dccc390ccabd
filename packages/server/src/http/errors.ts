/** How errors are answered, told to the log and counted: all of them here. */
import type { Logger } from 'pino'
import { type ErrorBody, ServiceError, told } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { Call } from './context.ts'

/** What a caller is told of an error that is not an answer of its own, as in a stream; also logs and counts it. */
export function bodyOf(error: unknown, { log, metrics }: { log: Logger; metrics: Metrics }): ErrorBody {
  const { status, body } = told(error)
  metrics.failed(body.class)
  // What the service refuses by itself, as while it drains, is no fault.
  if (status >= 500 && !(error instanceof ServiceError)) log.error({ err: error }, 'failed')
  else log.debug({ class: body.class, message: body.message }, 'refused')
  return body
}

/** The answer to a request that failed. */
export function errorAnswer(c: Call, error: unknown, metrics: Metrics): Response {
  const { status, headers } = told(error)
  const body = bodyOf(error, { log: c.get('log'), metrics })
  return c.json({ error: body, requestId: c.get('requestId') }, status, { ...headers })
}
