/** The end of a service: what was accepted is answered once, what was not is told so, and nothing is left running. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { batch, EASY, get, LONG, ndjson, objects, post, serve } from '../test/service.ts'

const slow = { ...LONG, deadline: 1500 }

describe('drain', () => {
  it('answers what was accepted and refuses the rest', async () => {
    const server = await serve()
    const accepted = post(server, '/v1/solve', slow)
    // Sends on a connection that is there already, as a load balancer's.
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const open = batch(server, readable)
    await writer.write(new TextEncoder().encode(ndjson([{ puzzle: EASY }])))
    const response = await open
    await sleep(300)
    const draining = server.drain()
    await expect(get(server, '/readyz')).rejects.toThrow('fetch failed')
    const answers = await objects(response)
    expect(answers).toMatchObject([
      { line: 1, status: 'verified' },
      { line: 2, error: { class: 'DrainingError' } },
    ])
    expect(await accepted).toMatchObject({ status: 200, json: { stoppedBy: 'deadline' } })
    expect(await draining).toBe(true)
    await writer.abort().catch(() => {})
  })

  it('cuts off what takes longer than it may, and says so', async () => {
    const server = await serve({ drain: '300ms' })
    const accepted = post(server, '/v1/solve', { ...LONG, deadline: 30_000 })
    await sleep(500)
    expect(await server.drain()).toBe(false)
    const { status, json } = await accepted
    expect([status, json.error.class]).toEqual([503, 'DrainingError'])
  })

  it('ends at once where nothing is under way', async () => {
    const server = await serve()
    await post(server, '/v1/solve', { puzzle: EASY })
    const started = performance.now()
    expect(await server.drain()).toBe(true)
    expect(performance.now() - started).toBeLessThan(4500)
  })
})

describe('close', () => {
  it('ends what is under way at once', async () => {
    const server = await serve()
    const accepted = post(server, '/v1/solve', { ...LONG, deadline: 30_000 })
    await sleep(500)
    await server.close()
    expect((await accepted).status).toBe(503)
  })
})
