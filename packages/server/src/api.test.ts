/** The API as a caller sees it: right answers, and errors of one shape that say what was wrong and where. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSolver, recordOf } from '@ptrm/orchestrator'
import { kinds } from '@ptrm/puzzles'
import { afterAll, describe, expect, it } from 'vitest'
import { EASY, get, LONG, post, SOLUTION, serve, TAPA } from '../test/service.ts'
import { newKey } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-server-'))
afterAll(() => rmSync(folder, { recursive: true }))
const server = await serve({ maxRollouts: 2000, maxDeadline: '20s' })

describe('POST /v1/solve', () => {
  it('answers as the solver itself does, rollout for rollout', async () => {
    const plan = { rollouts: 3, steps: 4, seed: '18446744073709551615', stop: 'all', exact: true }
    const { status, json } = await post(server, '/v1/solve', { puzzle: TAPA, plan, select: 'best-q' })
    expect(status).toBe(200)
    const solver = await createSolver({ model: 'tapa', backend: 'wasm', workers: 1 })
    const puzzle = solver.kind.parse(TAPA)
    const result = await solver.solve(puzzle, {
      ...plan,
      seed: 2n ** 64n - 1n,
      stop: 'all',
      select: 'best-q',
    })
    await solver.close()
    const {
      stats,
      where: _,
      ...record
    } = recordOf({ kind: kinds.get('tapa')!, puzzle }, result, {
      ...{ select: 'best-q', backend: 'wasm' },
    })
    expect(json).toMatchObject(
      JSON.parse(JSON.stringify({ ...record, stats: { ...stats, ms: json.stats.ms } })),
    )
  })

  it('takes every notation, and gives what was asked for', async () => {
    const { json } = await post(server, '/v1/solve', { puzzle: EASY, id: 'first', svg: true })
    expect(json).toMatchObject({
      id: 'first',
      kind: 'sudoku',
      status: 'verified',
      answer: SOLUTION,
      model: 'sudoku-2',
    })
    expect(json.svg).toMatch(/^<svg /)
    const grid = EASY.replaceAll(/.{9}/g, '$&\n')
    expect((await post(server, '/v1/solve', { puzzle: grid, model: 'sudoku' })).json.answer).toBe(SOLUTION)
  })

  it('gives each board to the model of its kind that takes it, unless one is named', async () => {
    const [small, wide] = [
      'heyawake/6/6/aaaeee00pg681h1g100',
      'https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h',
    ]
    const solve = (puzzle: string, model?: string) => post(server, '/v1/solve', { puzzle, model })
    expect((await solve(`https://puzz.link/p?${small}`)).json.model).toBe('heyawake-2')
    for (const model of [undefined, 'heyawake', 'heyawake-3'])
      expect((await solve(wide!, model)).json).toMatchObject({ model: 'heyawake-3', status: 'verified' })
    const { status, json } = await solve(wide!, 'heyawake-2')
    expect([status, json.error.class]).toEqual([422, 'BoardTooLargeError'])
    expect(json.error.message).toContain('the bundled heyawake-3 takes it')
  })

  it('takes the plan of an answer as it is', async () => {
    const first = await post(server, '/v1/solve', { puzzle: EASY, plan: { exact: true, seed: 7 } })
    const again = await post(server, '/v1/solve', { puzzle: EASY, plan: first.json.plan })
    expect(again.json.plan).toEqual(first.json.plan)
    expect(again.json.q).toBe(first.json.q)
  })

  it('ends at the deadline with the best so far', async () => {
    const { status, json } = await post(server, '/v1/solve', { ...LONG, deadline: 300 })
    expect([status, json.stoppedBy]).toEqual([200, 'deadline'])
    expect(json.stats.ms).toBeLessThan(5000)
  })

  it.each([
    ['{', 400, 'BadRequestError', 'malformed JSON', undefined],
    ['[]', 400, 'BadRequestError', 'expected object', { field: '/' }],
    [{}, 400, 'BadRequestError', 'expected string', { field: '/puzzle' }],
    [{ puzzle: EASY, rolouts: 3 }, 400, 'BadRequestError', 'rolouts', { field: '/' }],
    [
      { puzzle: EASY, plan: { rollouts: 2001 } },
      400,
      'BadRequestError',
      '<=2000',
      { field: '/plan/rollouts' },
    ],
    [
      { puzzle: EASY, plan: { stop: 'never' } },
      400,
      'BadRequestError',
      'wanted all,',
      { field: '/plan/stop' },
    ],
    [
      { puzzle: EASY, plan: { seed: '18446744073709551616' } },
      400,
      'BadRequestError',
      '2^64',
      { field: '/plan/seed' },
    ],
    [{ puzzle: EASY, plan: { sigma: [] } }, 400, 'BadRequestError', '>=1 items', { field: '/plan/sigma' }],
    [{ puzzle: EASY, deadline: 20_001 }, 400, 'BadRequestError', '<=20000', { field: '/deadline' }],
    [{ puzzle: EASY, kind: 'chess' }, 400, 'BadRequestError', 'sudoku', { field: '/kind' }],
    [{ puzzle: EASY, model: '../../etc/passwd' }, 400, 'BadRequestError', 'sudoku-2', { field: '/model' }],
    [
      { puzzle: EASY, model: 'tapa-5', kind: 'sudoku' },
      422,
      'PuzzleParseError',
      'a sudoku puzzle, but',
      { field: '/puzzle', line: 1, column: 1 },
    ],
    [
      { puzzle: `${EASY}\n${EASY}` },
      422,
      'PuzzleParseError',
      'found a second',
      { field: '/puzzle', line: 2, column: 1 },
    ],
    [
      { puzzle: ' \n ' },
      422,
      'PuzzleParseError',
      'found no puzzle',
      { field: '/puzzle', line: 1, column: 1 },
    ],
    [
      { puzzle: `11${'.'.repeat(79)}` },
      422,
      'ContradictionError',
      '1 repeats in row 1',
      { field: '/puzzle' },
    ],
    [{ puzzle: 'https://puzz.link/p?heyawake/20/20/0' }, 422, 'PuzzleParseError', '', { field: '/puzzle' }],
  ])('refuses %j by name and place', async (body, status, name, message, place) => {
    const answer = await post(server, '/v1/solve', body)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatchObject({
      class: name,
      message: expect.stringContaining(message),
      ...(place && { place }),
    })
    expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'))
  })
})

describe('POST /v1/check', () => {
  it('judges by the rules alone', async () => {
    const check = async (answer: string) =>
      (await post(server, '/v1/check', { puzzle: EASY, answer, svg: true })).json
    expect(await check(SOLUTION)).toMatchObject({ kind: 'sudoku', verdict: 'solved', violations: [] })
    const wrong = await check(`${SOLUTION.slice(0, 80)}1`)
    expect(wrong.verdict).toBe('wrong')
    expect(wrong.violations[0].cells).toContainEqual({ row: 9, column: 9 })
    expect(wrong.svg).toMatch(/^<svg /)
    expect(await check(`${SOLUTION.slice(0, 80)}.`)).toMatchObject({ verdict: 'incomplete', violations: [] })
  })

  it('tells a fault of the answer from one of the puzzle', async () => {
    const { status, json } = await post(server, '/v1/check', { puzzle: EASY, answer: '52x' })
    expect([status, json.error.class]).toEqual([422, 'PuzzleParseError'])
    expect(json.error.place).toMatchObject({ field: '/answer', line: 1 })
  })
})

describe('what is around it', () => {
  it('lists the models, and says no file', async () => {
    const { json } = await get(server, '/v1/models')
    const defaults = json.models.filter(({ isDefault }: { isDefault: boolean }) => isDefault)
    expect(json.models.find(({ name }: { name: string }) => name === 'heyawake-2').largest).toEqual({
      rows: 10,
      cols: 10,
    })
    expect(new Set(defaults.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(kinds.keys()))
    expect(json.models[0]).toMatchObject({
      name: 'sudoku-2',
      kind: 'sudoku',
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    })
    expect(JSON.stringify(json)).not.toMatch(/safetensors|\/weights/)
  })

  it('tells its health', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect(await get(server, path)).toMatchObject({ status: 200, json: { status: 'ok' } })
  })

  it('has no other paths and methods', async () => {
    expect(await get(server, '/v1/solve')).toMatchObject({
      status: 405,
      json: { error: { class: 'MethodError' } },
    })
    expect((await get(server, '/v1/solve')).headers.get('allow')).toBe('POST')
    expect(await get(server, '/../../etc/passwd')).toMatchObject({
      status: 404,
      json: { error: { class: 'NotFoundError' } },
    })
  })

  it('takes over a request id that is one', async () => {
    const id = async (given: string) =>
      (await get(server, '/healthz', { 'X-Request-Id': given })).headers.get('x-request-id')
    expect(await id('abc-123')).toBe('abc-123')
    expect(await id('a b')).toMatch(/^[\da-f-]{36}$/)
  })

  it('wants a body of its own type, so that no foreign page can post one', async () => {
    const { status, json } = await post(
      server,
      '/v1/solve',
      { puzzle: EASY },
      { 'Content-Type': 'text/plain' },
    )
    expect([status, json.error.class]).toEqual([415, 'MediaTypeError'])
  })

  it('shows the API from its own files alone', async () => {
    const page = await get(server, '/docs')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.json).not.toMatch(/https?:/)
    const files = [...String(page.json).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!)
    expect(files).toHaveLength(3)
    for (const file of files) expect((await get(server, `/${file}`)).status).toBe(200)
  })
})

describe('CORS', () => {
  const allowed = async (service: typeof server) =>
    (await get(service, '/v1/models', { Origin: 'https://a.example' })).headers.get(
      'access-control-allow-origin',
    )

  it('is off by default, and for the origins that are named', async () => {
    expect(await allowed(server)).toBeNull()
    expect(await allowed(await serve({ cors: 'https://b.example,https://a.example' }))).toBe(
      'https://a.example',
    )
    expect(await allowed(await serve({ cors: 'https://b.example' }))).toBeNull()
    expect(await allowed(await serve({ cors: '*' }))).toBe('*')
  })
})

describe('API keys', () => {
  const [alice, bob] = [newKey('alice'), newKey('bob')]
  const keys = join(folder, 'keys')
  writeFileSync(keys, `# who may call\n${alice.line}\n\n${bob.line}\n`)

  it('let in who has one', async () => {
    const guarded = await serve({ keys })
    const as = (value: string) => get(guarded, '/v1/models', { Authorization: value })
    expect((await as(`Bearer ${alice.key}`)).status).toBe(200)
    expect((await as(`bearer ${bob.key}`)).status).toBe(200)
    for (const wrong of [
      '',
      'Bearer ',
      `Bearer ${alice.key}x`,
      `Basic ${alice.key}`,
      `Bearer ${alice.line}`,
    ]) {
      const { status, json, headers } = await as(wrong)
      expect([status, json.error.class]).toEqual([401, 'UnauthorizedError'])
      expect(headers.get('www-authenticate')).toBe('Bearer')
    }
    expect((await get(guarded, '/metrics')).status).toBe(401)
    for (const open of ['/healthz', '/readyz', '/openapi.json', '/docs'])
      expect((await get(guarded, open)).status).toBe(200)
  })

  it.each([
    ['alice:123\n', ':1: wanted NAME:HASH'],
    [`${alice.line}\nx\n`, ':2: wanted NAME:HASH'],
    ['# nobody\n', 'it holds no key'],
  ])('are refused at the start where their file is wrong: %j', async (text, message) => {
    writeFileSync(keys, text)
    await expect(serve({ keys })).rejects.toThrow(message)
  })
})

/** A model file of f16 weights, the first of which is no number. */
function withoutNumber(file: Buffer): Buffer {
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
    file.toString('utf8', 8, start),
  )
  const weights = Object.values(header).find(({ dtype }) => dtype === 'F16')!
  file.writeUInt16LE(0x7e00, start + weights.data_offsets[0])
  return file
}

describe('models of a folder', () => {
  const own = join(folder, 'models')
  const bundled = new URL('../../models/weights/tapa-5/model.safetensors', import.meta.url)

  it('are served by their names beside the bundled ones', async () => {
    const { cpSync } = await import('node:fs')
    cpSync(bundled, join(own, 'my.tapa.safetensors'), { recursive: true })
    const more = await serve({ models: own })
    expect((await get(more, '/v1/models')).json.models.at(-1)).toMatchObject({
      name: 'my.tapa',
      kind: 'tapa',
      isDefault: false,
    })
    expect((await post(more, '/v1/solve', { puzzle: TAPA, model: 'my.tapa' })).json).toMatchObject({
      status: 'verified',
      model: 'my.tapa',
    })
    cpSync(bundled, join(own, 'tapa-5.safetensors'))
    await expect(serve({ models: own })).rejects.toThrow("'tapa-5' is the name of another model")
    writeFileSync(join(own, 'tapa-5.safetensors'), 'x')
    await expect(serve({ models: own })).rejects.toThrow('truncated safetensors')
    rmSync(join(own, 'tapa-5.safetensors'))
    writeFileSync(join(own, 'odd.safetensors'), withoutNumber(readFileSync(bundled)))
    await expect(serve({ models: own })).rejects.toThrow(/models: 'odd': tensor \w+ holds NaN/)
    await expect(serve({ models: join(folder, 'none') })).rejects.toThrow("models: can't read the folder")
  })
})

it('says where it can not listen', async () => {
  const { port } = new URL(server.url)
  await expect(serve({ port })).rejects.toThrow(`can't listen on 127.0.0.1:${port}: EADDRINUSE`)
})
