/** The description of the API (OpenAPI 3.1), made of the schemas that requests are held to. */
import { type RouteConfig, z } from '@hono/zod-openapi'
import type { App } from '../http/context.ts'
import type { Service } from '../service.ts'
import {
  batchLine,
  checkAnswer,
  errorAnswer,
  events,
  modelsAnswer,
  solveAnswer,
  stateAnswer,
} from './answers.ts'

/** Of the API, not of the package: it rises when callers must change. */
const VERSION = '1.0.0'

const JSON_TYPE = 'application/json'
export const NDJSON = 'application/x-ndjson'
export const EVENT_STREAM = 'text/event-stream'

type Responses = RouteConfig['responses']

const REASONS = {
  400: 'The request is malformed, or a field is out of range.',
  401: 'No API key, or none that is known.',
  408: 'The body did not come in time.',
  413: 'The body is too large.',
  415: 'The body is of another type.',
  422: "The puzzle can't be read or solved: what is wrong, and where.",
  429: 'Too many puzzles are waiting. Retry-After says when to come back.',
  503: 'The service is ending, or its engine failed. Retry-After says when to come back.',
} as const

/** A whole document. */
export function describeApi(app: App, { schemas, keys, settings }: Service): object {
  const registry = app.openAPIRegistry
  const security = keys ? [{ key: [] }] : []
  if (keys) registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  registry.register('BatchLine', batchLine)
  for (const [name, schema] of Object.entries(events))
    if (name !== 'final' && name !== 'error') registry.register(`${name}Event`, schema)
  const errors = (...codes: (keyof typeof REASONS)[]): Responses =>
    Object.fromEntries(
      [...codes, ...(keys ? [401 as const] : [])].map((code) => [code, json(errorAnswer, REASONS[code])]),
    )
  const body = (schema: z.ZodType) => ({ body: { required: true, content: { [JSON_TYPE]: { schema } } } })
  const routes: RouteConfig[] = [
    {
      ...{
        method: 'post',
        path: '/v1/solve',
        security,
        summary: 'Solve one puzzle',
        request: body(schemas.solve),
      },
      responses: {
        200: json(solveAnswer, 'The answer, right or not: status says which.'),
        ...errors(400, 408, 413, 415, 422, 429, 503),
      },
    },
    {
      ...{ method: 'post', path: '/v1/solve/stream', security, summary: 'Solve one puzzle, and watch' },
      request: body(schemas.stream),
      description:
        'Server-sent events: step and rollout as they come, then one final (as /v1/solve answers) or one error. Comments keep the connection alive.',
      responses: {
        200: text(EVENT_STREAM, 'Events, each with JSON as its data.'),
        ...errors(400, 408, 413, 415, 422, 429, 503),
      },
    },
    {
      ...{ method: 'post', path: '/v1/batches', security, summary: 'Solve many puzzles' },
      description: `One request of /v1/solve a line, at most ${settings.maxPuzzles} of them; one BatchLine a line comes back, as soon as it is there. Read while you write: lines are taken no faster than answers are.`,
      request: {
        query: z.object({
          order: z.enum(['input', 'done']).optional().openapi({
            description:
              'Whether answers come in the order of the lines or as they are done. Default: input.',
          }),
        }),
        body: { required: true, content: { [NDJSON]: { schema: z.string() } } },
      },
      responses: { 200: text(NDJSON, 'A BatchLine for each line.'), ...errors(400, 415, 429, 503) },
    },
    {
      ...{
        method: 'post',
        path: '/v1/check',
        security,
        summary: 'Judge an answer by the rules',
        request: body(schemas.check),
      },
      responses: {
        200: json(checkAnswer, 'The verdict, and every broken rule.'),
        ...errors(400, 408, 413, 415, 422, 503),
      },
    },
    {
      ...{ method: 'get', path: '/v1/models', security, summary: 'The models that are served' },
      responses: { 200: json(modelsAnswer, 'The models.'), ...errors() },
    },
    {
      ...{ method: 'get', path: '/healthz', summary: 'Whether the process answers' },
      responses: { 200: json(stateAnswer, 'It does.') },
    },
    {
      ...{ method: 'get', path: '/readyz', summary: 'Whether it takes work' },
      responses: { 200: json(stateAnswer, 'It does.'), 503: json(stateAnswer, 'It starts, or it ends.') },
    },
    {
      ...{ method: 'get', path: '/metrics', security, summary: 'Metrics for Prometheus' },
      responses: { 200: text('text/plain', 'Metrics in the text format.', z.string()), ...errors() },
    },
  ]
  for (const route of routes) registry.registerPath(route)
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'ptrm',
      version: VERSION,
      description: 'Logic puzzles solved by many noisy rollouts of a Tiny Recursive Model.',
      license: { name: 'MIT' },
    },
    servers: [{ url: '/' }],
  })
}

function json(schema: z.ZodType, description: string): Responses[string] {
  return { description, content: { [JSON_TYPE]: { schema } } }
}

/** OpenAPI 3.1 has no word for the parts of a stream. */
function text(type: string, description: string, schema: z.ZodType | object = {}): Responses[string] {
  return { description, content: { [type]: { schema } } }
}
