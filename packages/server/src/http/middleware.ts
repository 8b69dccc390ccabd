/** What happens around every request: its id, its line in the log, its span, its time; and who is let in. */
import { randomUUID } from 'node:crypto'
import { context, SpanKind, trace } from '@opentelemetry/api'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { ServiceError } from '../errors.ts'
import { holderOf, type KeyHolder } from '../keys.ts'
import type { Service } from '../service.ts'
import { contextOf, tracer } from '../tracing.ts'
import type { Call, Environment } from './context.ts'

type Middleware = MiddlewareHandler<Environment>

/** Ids of callers are taken over, so that theirs is found in our log. */
const REQUEST_ID = /^[\w.:-]{1,64}$/

/** Gives a request its id and its log, traces and counts it, and writes one line about it. */
export function watch({ log, metrics }: Pick<Service, 'log' | 'metrics'>): Middleware {
  return async (c, next) => {
    const started = performance.now()
    const given = c.req.header('x-request-id') ?? ''
    const requestId = REQUEST_ID.test(given) ? given : randomUUID()
    c.set('requestId', requestId)
    c.set('log', log.child({ requestId }))
    c.set('client', addressOf(c))
    const { method, path } = c.req
    const span = tracer().startSpan(method, { kind: SpanKind.SERVER }, contextOf(c.req.raw.headers))
    await context.with(trace.setSpan(context.active(), span), next)
    c.header('X-Request-Id', requestId)
    const { status } = c.res
    const route = routeOf(c)
    const ms = performance.now() - started
    span.updateName(`${method} ${route}`)
    span.setAttributes({
      ...{ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status },
      'ptrm.request_id': requestId,
    })
    span.end()
    metrics.answered({ method: knownMethod(method), route, status }, ms)
    const line = {
      method,
      path: path.slice(0, LONGEST_PATH),
      status,
      ms: Math.round(ms),
      client: c.get('client'),
    }
    c.get('log')[route.startsWith('/v1/') ? 'info' : 'debug'](line, 'answered')
  }
}

const LONGEST_PATH = 200
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

function knownMethod(method: string): string {
  return METHODS.includes(method) ? method : 'other'
}

/** The pattern of the route that answered, for labels: of what there is no route for, one and the same. */
function routeOf(c: Call): string {
  const path = routePath(c, -1)
  return path === '' || path.includes('*') ? 'none' : path
}

function addressOf({ env }: Call): string {
  return env?.incoming?.socket.remoteAddress ?? 'unknown'
}

/** Lets in who has a key. */
export function authenticate(keys: readonly KeyHolder[]): Middleware {
  return async (c, next) => {
    const [, key] = /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(c.req.header('authorization') ?? '') ?? []
    const name = key === undefined ? undefined : holderOf(keys, key)
    if (name === undefined)
      throw new ServiceError('UnauthorizedError', 401, 'wanted an API key: Authorization: Bearer KEY', {
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    c.set('client', name)
    await next()
  }
}
