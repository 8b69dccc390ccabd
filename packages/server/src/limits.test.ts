/** What is too much is refused at once, by name, and the service goes on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { batch, EASY, get, LONG, ndjson, objects, post, serve } from '../test/service.ts'
import type { ServiceError } from './errors.ts'
import { Queue } from './queue.ts'

const server = await serve({ maxQueue: 2, maxBody: '2k', maxRollouts: 5, maxSteps: 7, maxDeadline: '3s' })
const long = { ...LONG, plan: { stop: 'all' }, deadline: 2000 }

describe('a full queue', () => {
  it('sheds with 429 and a time to come back, and recovers', async () => {
    const slow = await serve({ maxQueue: 2 })
    const held = [1, 2].map(() => post(slow, '/v1/solve', { ...LONG, deadline: 1500 }))
    await sleep(500)
    for (const path of ['/v1/solve', '/v1/solve/stream']) {
      const { status, headers, json } = await post(slow, path, { puzzle: EASY })
      expect([status, json.error.class]).toEqual([429, 'QueueFullError'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    }
    expect((await batch(slow, ndjson([{ puzzle: EASY }]))).status).toBe(429)
    expect((await get(slow, '/readyz')).status).toBe(200)
    for (const answer of await Promise.all(held)) expect(answer.status).toBe(200)
    expect((await post(slow, '/v1/solve', { puzzle: EASY })).status).toBe(200)
  })

  it('makes the lines of a batch wait', async () => {
    const answers = await objects(await batch(server, ndjson(new Array(6).fill({ puzzle: EASY }))))
    expect(answers.map(({ status }) => status)).toEqual(new Array(6).fill('verified'))
  })
})

describe('a request that is too large', () => {
  it('is refused by its announced size, and by what comes', async () => {
    const body = JSON.stringify({ puzzle: EASY, id: 'x'.repeat(3000) })
    const announced = await post(server, '/v1/solve', body)
    expect([announced.status, announced.json.error.class]).toEqual([413, 'BodyTooLargeError'])
    const { readable, writable } = new TransformStream()
    const streamed = fetch(`${server.url}/v1/solve`, {
      ...{ method: 'POST', body: readable, headers: { 'Content-Type': 'application/json' } },
      duplex: 'half',
    } as RequestInit)
    const writer = writable.getWriter()
    await writer.write(new TextEncoder().encode(body)).catch(() => {})
    expect((await streamed).status).toBe(413)
    await writer.abort().catch(() => {})
  })

  it.each([
    [{ plan: { rollouts: 6 } }, '/plan/rollouts'],
    [{ plan: { steps: 8 } }, '/plan/steps'],
    [{ plan: { sigma: new Array(8).fill(0.1) } }, '/plan/sigma'],
    [{ deadline: 3001 }, '/deadline'],
    [{ puzzle: '\n'.repeat(200) }, '/puzzle'],
  ])('in a field is refused by its name: %#', async (more, field) => {
    const { status, json } = await post(server, '/v1/solve', { puzzle: EASY, ...more })
    expect([status, json.error.place.field]).toEqual([400, field])
  })

  it('in what its model recommends is run within the limits', async () => {
    const { json } = await post(server, '/v1/solve', { ...long, deadline: 1000 })
    expect(json.plan).toMatchObject({ rollouts: 5, steps: 7 })
  })
})

describe('the queue', () => {
  it('lets wait in the order of asking, and leaves out who went', async () => {
    const queue = new Queue(1)
    const leave = queue.enter()
    expect(() => queue.enter()).toThrow('no more are let in')
    const order: string[] = []
    const going = new AbortController()
    const wait = (name: string, signal = new AbortController().signal) =>
      queue.wait(signal).then(
        (out) => {
          order.push(name)
          return out
        },
        () => () => order.push(`${name} went`),
      )
    const waiting = [wait('a'), wait('b', going.signal), wait('c')]
    going.abort()
    await sleep(1)
    leave()
    leave()
    ;(await waiting[0]!)()
    ;(await waiting[1]!)()
    ;(await waiting[2]!)()
    expect(order).toEqual(['a', 'b went', 'c'])
    expect(queue.depth).toBe(0)
  })

  it('keeps places for those who come with one puzzle, however many lines of batches wait', async () => {
    const queue = new Queue(8)
    const { signal } = new AbortController()
    const lines: (() => void)[] = []
    const waiting = Array.from({ length: 27 }, () => queue.wait(signal).then((leave) => lines.push(leave)))
    await sleep(1)
    expect(lines).toHaveLength(7)
    for (let i = 0; i < 20; i++) {
      const leave = queue.enter()
      expect(() => queue.enter()).toThrow('no more are let in')
      if (i % 2) leave()
      lines.shift()?.()
      if (!(i % 2)) leave()
      await sleep(0)
    }
    await Promise.all(waiting)
    for (const leave of lines) leave()
    expect(queue.depth).toBe(0)
  })

  it('tells when a place comes free: the sooner, the more are worked on', async () => {
    const queue = new Queue(4)
    const first = queue.enter()
    await sleep(1500)
    first()
    const wait = () => {
      const leaves = Array.from({ length: 4 }, () => queue.enter())
      try {
        queue.enter()
      } catch (error) {
        return (error as ServiceError).headers['Retry-After']
      } finally {
        for (const leave of leaves) leave()
      }
    }
    expect(wait()).toBe('1')
  })
})
