/** Batches: a line in, a line out, whatever the lines hold and whoever goes. */
import { describe, expect, it, vi } from 'vitest'
import { batch, EASY, LONG, metric, ndjson, objects, SOLUTION, serve, TAPA } from '../test/service.ts'

const server = await serve({ maxPuzzles: 200, batchWindow: 4, maxBody: '4k', patience: '2s' })

describe('POST /v1/batches', () => {
  it('answers line by line in the order of the lines, and goes on behind a bad one', async () => {
    const lines = [
      { puzzle: EASY, id: 'a' },
      '{"puzzle":',
      '',
      { puzzle: '11' },
      { puzzle: 'x'.repeat(5000) },
      { puzzle: TAPA },
    ]
    const response = await batch(server, ndjson(lines))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
    expect(await objects(response)).toMatchObject([
      { line: 1, id: 'a', status: 'verified', answer: SOLUTION },
      { line: 2, error: { class: 'BadRequestError', message: 'malformed JSON' } },
      { line: 4, error: { class: 'PuzzleParseError', place: { field: '/puzzle', line: 1, column: 1 } } },
      { line: 5, error: { class: 'BodyTooLargeError' } },
      { line: 6, status: 'verified', kind: 'tapa' },
    ])
  })

  it('answers as they are done where that is asked for', async () => {
    const lines = ndjson([{ ...LONG, deadline: 1000 }, { puzzle: 'x' }])
    const numbers = async (query: string) =>
      (await objects(await batch(server, lines, query))).map(({ line }) => line)
    expect(await numbers('?order=done')).toEqual([2, 1])
    expect(await numbers('?order=input')).toEqual([1, 2])
    expect((await batch(server, lines, '?order=random')).status).toBe(400)
  })

  it('answers a line while the next one is still to come', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const line = new TextEncoder().encode(ndjson([{ puzzle: EASY }]))
    const writer = writable.getWriter()
    const opening = batch(server, readable)
    await writer.write(line)
    const reader = (await opening).body!.getReader()
    for (let number = 1; number <= 2; number++) {
      const { value } = await reader.read()
      expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({ line: number, answer: SOLUTION })
      if (number < 2) await writer.write(line)
    }
    await writer.close()
    expect((await reader.read()).done).toBe(true)
  })

  it('ends behind as many puzzles as are allowed, and says at which line', async () => {
    const answers = await objects(await batch(server, ndjson(new Array(203).fill({ puzzle: 'x' }))))
    expect(answers).toHaveLength(201)
    expect(answers.at(-1)).toMatchObject({ line: 201, error: { class: 'LimitError' } })
  })

  it('takes an empty body for a batch of no puzzles', async () => {
    expect(await objects(await batch(server, '\n\n'))).toEqual([])
  })

  it('says where the client stopped sending', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(ndjson([{ puzzle: EASY }]))),
    })
    const answers = await objects(await batch(server, body))
    expect(answers).toMatchObject([
      { line: 1, answer: SOLUTION },
      { line: 2, error: { class: 'TimeoutError' } },
    ])
  })

  it('cancels the work of a client that goes', async () => {
    const going = new AbortController()
    const response = await batch(
      server,
      ndjson(new Array(8).fill({ ...LONG, deadline: 30_000 })),
      '',
      going.signal,
    )
    expect(response.status).toBe(200)
    await vi.waitFor(async () => expect(await metric(server, 'ptrm_queue_depth')).toBe(4), 5000)
    going.abort()
    await response.text().catch(() => {})
    await vi.waitFor(async () => expect(await metric(server, 'ptrm_queue_depth')).toBe(0), 5000)
  })
})
