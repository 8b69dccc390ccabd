/** All routes of the service, and what stands around them. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { ServiceError } from './errors.ts'
import type { App, Call, Environment } from './http/context.ts'
import { errorAnswer } from './http/errors.ts'
import { authenticate, watch } from './http/middleware.ts'
import { addBatches } from './routes/batches.ts'
import { addCheck } from './routes/check.ts'
import { addDocs } from './routes/docs.ts'
import { addHealth } from './routes/health.ts'
import { addMetrics } from './routes/metrics.ts'
import { addModels } from './routes/models.ts'
import { addSolve } from './routes/solve.ts'
import { addStream } from './routes/stream.ts'
import type { Service } from './service.ts'

/** In the order of the description. */
const ROUTES = [addSolve, addStream, addBatches, addCheck, addModels, addHealth, addMetrics, addDocs]

/** Only those that mean something for an API; whether there is TLS is known in front of it. */
const HEADERS = {
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const

export function createApp(service: Service): App {
  const app: App = new OpenAPIHono<Environment>()
  app.use(watch(service))
  app.use(secureHeaders(HEADERS))
  const { cors: origins } = service.settings
  if (origins.length > 0)
    app.use(
      '/v1/*',
      cors({
        origin: origins[0] === '*' ? '*' : [...origins],
        exposeHeaders: ['X-Request-Id', 'Retry-After'],
      }),
    )
  if (service.keys) for (const path of ['/v1/*', '/metrics']) app.use(path, authenticate(service.keys))
  for (const add of ROUTES) add(app, service)
  app.notFound((c) => errorAnswer(c, notFound(app, c), service.metrics))
  app.onError((error, c) => errorAnswer(c, error, service.metrics))
  return app
}

/** A path that there is, asked by another method, is told apart from one that there is not. */
function notFound(app: App, c: Call): ServiceError {
  const methods = app.routes.flatMap(({ path, method }) =>
    path === c.req.path && method !== 'ALL' ? [method] : [],
  )
  if (methods.length === 0)
    return new ServiceError('NotFoundError', 404, 'there is no such path; /docs shows those that there are')
  return new ServiceError('MethodError', 405, `wanted ${methods.join(' or ')}`, {
    headers: { Allow: methods.join(', ') },
  })
}
