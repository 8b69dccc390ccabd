/** The description of the API and the API: the one is valid, and the other keeps to it, answer by answer. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { EASY, get, LONG, post, SOLUTION, serve, TAPA } from '../test/service.ts'

const server = await serve({ maxQueue: 1 })
const { json: description } = await get(server, '/openapi.json')
const ajv = new Ajv2020({ strict: false, validateFormats: false })

/** Holds an answer to what the description says of its route and status. */
function expectDescribed(
  method: string,
  path: string,
  { status, json }: { status: number; json: unknown },
): void {
  const response = description.paths[path]?.[method]?.responses[status]
  expect(response, `${method} ${path} ${status}`).toBeDefined()
  const [schema] = Object.values<{ schema: object }>(response.content)
  const validate = ajv.compile({ ...schema!.schema, components: description.components })
  expect(validate(json) ? [] : validate.errors).toEqual([])
}

describe('the description', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(description))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(description.openapi).toBe('3.1.0')
  })

  it('names every route, and no other', () => {
    const described = Object.entries<object>(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(described.sort()).toEqual([
      ...['get /healthz', 'get /metrics', 'get /readyz', 'get /v1/models'],
      ...['post /v1/batches', 'post /v1/check', 'post /v1/solve', 'post /v1/solve/stream'],
    ])
  })

  it('tells the limits and examples that hold', async () => {
    const { SolveRequest, StreamRequest, CheckRequest, Plan } = description.components.schemas
    expect(Plan.properties.rollouts.maximum).toBe(1024)
    expect(SolveRequest.properties.deadline.maximum).toBe(60_000)
    expect(SolveRequest.additionalProperties).toBe(false)
    const solved = await post(server, '/v1/solve', SolveRequest.example)
    expect(solved.json.status).toBe('verified')
    const checked = await post(server, '/v1/check', CheckRequest.example)
    expect(checked.json.verdict).toBe('solved')
    expect((await post(server, '/v1/solve/stream', StreamRequest.example)).status).toBe(200)
  })

  it('asks for a key where the service does', async () => {
    const { newKey } = await import('./keys.ts')
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs')
    const folder = mkdtempSync('/tmp/ptrm-keys-')
    writeFileSync(`${folder}/keys`, newKey('a').line)
    const { json } = await get(await serve({ keys: `${folder}/keys` }), '/openapi.json')
    rmSync(folder, { recursive: true })
    expect(json.components.securitySchemes.key).toEqual({ type: 'http', scheme: 'bearer' })
    expect(json.paths['/v1/solve'].post.security).toEqual([{ key: [] }])
    expect(json.paths['/healthz'].get.security).toBeUndefined()
    expect(json.paths['/v1/solve'].post.responses).toHaveProperty('401')
  })
})

describe('every answer is as described', () => {
  beforeAll(() => expect(description.openapi).toBe('3.1.0'))

  it.each([
    ['/v1/solve', { puzzle: EASY, svg: true, id: 'a' }, 200],
    [
      '/v1/solve',
      { puzzle: TAPA, plan: { stop: { adaptive: { until: { error: 0.1 } } }, sigma: [0.5, 0.2] } },
      200,
    ],
    ['/v1/solve', { ...LONG, deadline: 1 }, 200],
    ['/v1/solve', { puzzle: EASY, x: 1 }, 400],
    ['/v1/solve', { puzzle: 'x' }, 422],
    ['/v1/solve', { puzzle: EASY, model: 'x' }, 400],
    ['/v1/check', { puzzle: EASY, answer: SOLUTION, svg: true }, 200],
    ['/v1/check', { puzzle: EASY, answer: SOLUTION.replace('5', '.') }, 200],
    ['/v1/check', { puzzle: EASY, answer: SOLUTION.replace('5', '1') }, 200],
    ['/v1/check', { puzzle: EASY, answer: 'x' }, 422],
    ['/v1/check', '{', 400],
    ['/v1/solve/stream', {}, 400],
  ])('POST %s %j', async (path, body, status) => {
    const answer = await post(server, path, body)
    expect(answer.status).toBe(status)
    expectDescribed('post', path, answer)
  })

  it.each([['/v1/models'], ['/healthz'], ['/readyz'], ['/metrics']])('GET %s', async (path) => {
    expectDescribed('get', path, await get(server, path))
  })

  it.each([
    ['/v1/solve', { 'Content-Type': 'text/plain' }, 415],
    ['/v1/batches', { 'Content-Type': 'application/json' }, 415],
  ])('%s in another type', async (path, headers, status) => {
    const answer = await post(server, path, {}, headers)
    expect(answer.status).toBe(status)
    expectDescribed('post', path, answer)
  })

  it('also where it is shed', async () => {
    const held = post(server, '/v1/solve', { ...LONG, deadline: 1000 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const answer = await post(server, '/v1/solve', { puzzle: EASY })
    expect(answer.status).toBe(429)
    expectDescribed('post', '/v1/solve', answer)
    await held
  })

  it('and so is every line of a batch', async () => {
    const lines = [{ puzzle: EASY, id: 'a' }, { puzzle: 'x' }, { puzzle: TAPA }].map((line) =>
      JSON.stringify(line),
    )
    const { json } = await post(server, '/v1/batches', lines.join('\n'), {
      'Content-Type': 'application/x-ndjson',
    })
    const validate = ajv.compile({
      ...{ $ref: '#/components/schemas/BatchLine', components: description.components },
    })
    const answers = String(json).trim().split('\n')
    expect(answers).toHaveLength(3)
    for (const line of answers) expect(validate(JSON.parse(line)) ? [] : validate.errors).toEqual([])
  })
})
