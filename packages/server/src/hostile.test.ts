/** Callers that mean no good, or mean nothing at all: no 5xx, no crash, no connection that is held for ever. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { kinds } from '@ptrm/puzzles'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { EASY, get, metric, post, serve } from '../test/service.ts'

const server = await serve({ patience: '1s', maxDeadline: '50ms', maxBody: '64k' })
const { port } = new URL(server.url)

afterEach(async () => {
  expect((await get(server, '/readyz')).status).toBe(200)
  expect(await metric(server, 'ptrm_queue_depth')).toBe(0)
})

/** Sends bytes as they are, some at once and then one every so often, until the connection is closed; returns what came back. */
async function raw(head: string, drip = '', everyMs = 100): Promise<string> {
  const socket = connect(Number(port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (data) => (answer += data))
  // A connection that is cut off may end in an error.
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  socket.write(head)
  const dripping = drip === '' ? undefined : setInterval(() => socket.writable && socket.write(drip), everyMs)
  await closed
  clearInterval(dripping)
  return answer
}

describe('a client that is slow on purpose', () => {
  it('with its head is cut off', async () => {
    expect(await raw('GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('with its body is told so', async () => {
    const head =
      'POST /v1/solve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n'
    expect(await raw(head, ' ')).toMatch(/^HTTP\/1.1 408 [\s\S]*"TimeoutError"/)
  })

  it('in great number keeps nobody else from an answer', async () => {
    const head =
      'POST /v1/solve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'
    const slow = Array.from({ length: 200 }, () => raw(head))
    await sleep(200)
    expect((await post(server, '/v1/solve', { puzzle: EASY })).status).toBe(200)
    await Promise.all(slow)
  })
})

describe('a malformed request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a head that is too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /v1/solve HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'length and chunks',
      'POST /v1/solve HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    [
      'chunks that are none',
      'POST /v1/solve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    [
      'a path that climbs',
      'GET /docs/../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      404,
    ],
    [
      'a path that climbs in disguise',
      'GET /docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      404,
    ],
    ['an odd method', 'BREW /v1/solve HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ])('is refused: %s', async (_, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it.each([
    ['deep', '['.repeat(60_000)],
    ['deep, closed', `{"puzzle":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['with a prototype', '{"__proto__":{"puzzle":"x"},"puzzle":"x"}'],
    ['with numbers that are none', `{"puzzle":"x","deadline":1e999}`],
    ['with a lone half of a character', '{"puzzle":"\\ud800"}'],
    ['with codes of a terminal', '{"puzzle":"\\u001b[2J"}'],
    ['with zero bytes', '{"puzzle":"\\u0000"}'],
  ])('in JSON is refused: %s', async (_, body) => {
    const { status, json } = await post(server, '/v1/solve', body)
    expect([400, 422]).toContain(status)
    expect(json.error.message.length).toBeLessThan(1000)
  })
})

describe('a text that takes long to read', () => {
  it.each(['x\n', 'a\n', '. \n', '1,2\n', '%2f', '1\t', '.', 'http://a?sudoku/9/9/'])(
    'keeps the service no longer than a moment: %j',
    async (part) => {
      const puzzle = part.repeat(part.endsWith('\n') ? 199 : Math.floor(32_768 / part.length))
      await post(server, '/v1/check', { puzzle, answer: '' })
      const started = performance.now()
      expect((await post(server, '/v1/check', { puzzle, answer: '' })).status).toBe(422)
      expect(performance.now() - started).toBeLessThan(2000)
    },
  )

  it('is none of the largest boards, which fit', async () => {
    for (const kind of kinds.values()) {
      const size = kind.name === 'sudoku' ? 9 : 50
      const puzzle = kind.editing.empty({ rows: size, cols: size })
      for (const text of [kind.toGrid(puzzle), kind.toUrl(puzzle)]) {
        const { status, json } = await post(server, '/v1/check', {
          puzzle: `${kind.name}\n${text}`,
          answer: '?',
        })
        // The board is read; the answer is none of it.
        expect([status, json.error?.place.field], `${kind.name} ${text.length}`).toEqual([422, '/answer'])
      }
    }
  })
})

describe('random requests', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('', EASY, 'sudoku', 'tapa-5', 'all', 'x'.repeat(3000)),
  )
  const odd = fc.oneof(
    word,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(word, { maxLength: 3 }),
  )
  /** Now and then something else. */
  const mostly = (...arbitraries: fc.Arbitrary<unknown>[]) =>
    fc.oneof({ weight: 20, arbitrary: fc.oneof(...arbitraries) }, odd)
  const few = fc.integer({ min: 1, max: 8 })
  const plan = fc.record(
    {
      ...{
        rollouts: mostly(few),
        steps: mostly(few),
        sigma: mostly(fc.double({ min: 0, max: 2, noNaN: true })),
      },
      ...{
        noiseTarget: mostly(fc.constantFrom('zL', 'zH', 'both')),
        seed: mostly(fc.nat(), fc.constant('9')),
      },
      ...{ includeDeterministic: mostly(fc.boolean()), exact: mostly(fc.boolean()) },
      stop: mostly(
        fc.constantFrom('all', 'first-verified'),
        fc.record({ qAbove: fc.integer() }),
        fc.record({ adaptive: fc.record({ until: fc.record({ error: fc.constantFrom(0.1, 0.6) }) }) }),
      ),
    },
    { requiredKeys: [] },
  )
  const text = fc.constantFrom(EASY, ...[...kinds.values()].map(({ examples }) => examples[0].text))
  const request = fc.record(
    {
      ...{ puzzle: fc.oneof({ weight: 3, arbitrary: text }, word), plan: mostly(plan), id: mostly(word) },
      ...{
        kind: mostly(fc.constantFrom(...kinds.keys())),
        model: mostly(fc.constantFrom('sudoku', 'tapa-5')),
      },
      ...{
        select: mostly(fc.constantFrom('verified', 'mode')),
        deadline: mostly(fc.integer({ min: 1, max: 50 })),
      },
      svg: mostly(fc.boolean()),
    },
    { requiredKeys: ['puzzle'] },
  )
  const body = fc.oneof(
    { weight: 8, arbitrary: request.map((one) => JSON.stringify(one)) },
    fc.json(),
    fc.string(),
  )
  const path = fc.constantFrom('/v1/solve', '/v1/solve/stream', '/v1/check', '/v1/batches')

  it('get no 5xx, and errors of one shape', async () => {
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(path, body, async (where, what) => {
        const type = where === '/v1/batches' ? 'application/x-ndjson' : 'application/json'
        const { status, json } = await post(server, where, what, { 'Content-Type': type })
        seen.set(status, (seen.get(status) ?? 0) + 1)
        expect(status).toBeLessThan(500)
        if (status >= 400)
          expect(json).toEqual({
            error: expect.objectContaining({ class: expect.any(String) }),
            requestId: expect.any(String),
          })
        if (where === '/v1/batches')
          for (const line of String(json).trim().split('\n')) if (line !== '') JSON.parse(line)
      }),
      { numRuns: Number(process.env['HOSTILE_REQUESTS'] ?? 400), seed: 1, endOnFailure: true },
    )
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 422]))
    expect(await metric(server, 'ptrm_errors_total{class="InternalError"}')).toBe(0)
  })
})
