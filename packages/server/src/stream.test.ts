/** Server-sent events: every step, every rollout and one end, whole and in order. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { EASY, LONG, metric, post, SOLUTION, serve, TAPA } from '../test/service.ts'
import { EventQueue } from './http/events.ts'
import { events } from './schema/answers.ts'

const server = await serve({ heartbeat: '50ms', maxDeadline: '30s' })

interface Event {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  readonly data: any
}

const watch = (body: unknown, signal?: AbortSignal) =>
  fetch(`${server.url}/v1/solve/stream`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
    ...(signal && { signal }),
  })

function eventsIn(text: string): Event[] {
  return text.split('\n\n').flatMap((block) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? []
    return name === undefined ? [] : [{ name, data: JSON.parse(data!) }]
  })
}

describe('POST /v1/solve/stream', () => {
  it('tells of every step and rollout, and ends with what /v1/solve answers', async () => {
    const body = { puzzle: EASY, plan: { rollouts: 3, steps: 6, stop: 'all' } }
    const response = await watch({ ...body, answers: true })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const all = eventsIn(await response.text())
    for (const { name, data } of all) events[name as keyof typeof events].parse(data)
    const named = (wanted: string) => all.filter(({ name }) => name === wanted).map(({ data }) => data)
    expect(named('step').map(({ rollout, step }) => [rollout, step])).toEqual(
      [0, 1, 2].flatMap((rollout) => [1, 2, 3, 4, 5, 6].map((step) => [rollout, step])),
    )
    expect(named('step').every(({ answer }) => answer.length === 81)).toBe(true)
    expect(named('rollout')).toMatchObject(
      [0, 1, 2].map((rollout) => ({ rollout, steps: 6, complete: true })),
    )
    expect(all.at(-1)).toMatchObject({ name: 'final', data: { status: 'verified', answer: SOLUTION } })
    const { json } = await post(server, '/v1/solve', body)
    expect(named('final')).toEqual([{ ...json, stats: { ...json.stats, ms: expect.any(Number) } }])
  })

  it('ends with an error where the puzzle is none, and refuses a malformed request at once', async () => {
    const all = eventsIn(await (await watch({ puzzle: '11' })).text())
    expect(all).toMatchObject([
      { name: 'error', data: { error: { class: 'PuzzleParseError', place: { field: '/puzzle' } } } },
    ])
    events.error.parse(all[0]!.data)
    expect((await watch({ puzzle: EASY, answer: true })).status).toBe(400)
    expect(await metric(server, 'ptrm_queue_depth')).toBe(0)
  })

  it('cancels the work of a client that goes', async () => {
    const going = new AbortController()
    const response = await watch({ ...LONG, deadline: 30_000 }, going.signal)
    const reader = response.body!.getReader()
    await reader.read()
    expect(await metric(server, 'ptrm_queue_depth')).toBe(1)
    going.abort()
    await reader.read().catch(() => {})
    await vi.waitFor(async () => expect(await metric(server, 'ptrm_queue_depth')).toBe(0), 5000)
  })

  it('solves other kinds too', async () => {
    const all = eventsIn(await (await watch({ puzzle: TAPA })).text())
    expect(all.at(-1)).toMatchObject({ name: 'final', data: { kind: 'tapa', status: 'verified' } })
  })
})

describe('events between maker and reader', () => {
  it('lose steps and nothing else where the reader is slow', async () => {
    const queue = new EventQueue(10_000)
    const reader = queue.read()
    await reader.next()
    for (let step = 1; step <= 100; step++) queue.addStep(() => ({ step }))
    queue.add('rollout', { rollout: 0 })
    const first = eventsIn((await reader.next()).value!)
    expect(first.map(({ data }) => data.step ?? data.rollout)).toEqual(
      [...Array(64).keys()].map((i) => i + 1).concat(0),
    )
    queue.addStep(() => ({ step: 101 }))
    queue.end()
    expect(eventsIn((await reader.next()).value!)).toEqual([
      { name: 'step', data: { step: 101, skipped: 36 } },
    ])
    expect((await reader.next()).done).toBe(true)
  })

  it('say that they live in silence', async () => {
    const queue = new EventQueue(20)
    const reader = queue.read()
    for (let beat = 0; beat < 3; beat++) expect((await reader.next()).value).toBe(': alive\n\n')
    const next = reader.next()
    await sleep(1)
    queue.add('final', {})
    expect(eventsIn((await next).value!)).toEqual([{ name: 'final', data: {} }])
  })
})
