/** `POST /v1/solve/stream`: one puzzle, and every step of its rollouts as server-sent events. */
import type { SolveEvent } from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import { readJson } from '../http/body.ts'
import type { App, Call } from '../http/context.ts'
import { bodyOf } from '../http/errors.ts'
import { EventQueue } from '../http/events.ts'
import { connectionOf, pulled } from '../http/stream.ts'
import type { Work } from '../life.ts'
import { EVENT_STREAM } from '../schema/describe.ts'
import type { StreamRequest } from '../schema/requests.ts'
import { type Service, solve } from '../service.ts'

export function addStream(app: App, service: Service): void {
  app.post('/v1/solve/stream', async (c) => {
    const work = service.life.begin(c.req.raw.signal)
    try {
      const request = await readJson(c, service.schemas.stream, service.settings)
      const leave = service.queue.enter()
      const events = new EventQueue(service.settings.heartbeat)
      void watchedSolve(c, service, request, work, events)
      const { patience } = service.settings
      const body = pulled(events.read(), { work, patience, connection: connectionOf(c) }, leave)
      return c.body(body, 200, {
        'Content-Type': EVENT_STREAM,
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
    } catch (error) {
      work.done()
      throw error
    }
  })
}

/** Never rejects: an error is the last event. */
async function watchedSolve(
  c: Call,
  service: Service,
  { answers = false, ...request }: StreamRequest,
  { signal }: Work,
  events: EventQueue,
): Promise<void> {
  const onEvent = (event: SolveEvent, found: Found) => hand(event, found, answers, events)
  try {
    events.add('final', await solve(service, request, { client: c.get('client'), signal, onEvent }))
  } catch (error) {
    const body = bodyOf(error, { log: c.get('log'), metrics: service.metrics })
    events.add('error', { error: body, requestId: c.get('requestId') })
  } finally {
    events.end()
  }
}

function hand(event: SolveEvent, { kind, puzzle }: Found, answers: boolean, events: EventQueue): void {
  const answerOf = (tokens: Uint8Array) => kind.answerToLine(puzzle, kind.decode(puzzle, tokens))
  if (event.type === 'step') {
    const { rollout, step, q, verified, tokens } = event
    const answer = () => (answers ? { answer: answerOf(tokens) } : {})
    events.addStep(() => ({ rollout, step, q, verified, ...answer() }))
  } else if (event.type === 'rollout') {
    const { rollout, steps, q, complete, firstVerified, tokens } = event.candidate
    const answer = answerOf(firstVerified?.tokens ?? tokens)
    events.add('rollout', { rollout, steps, q, complete, verified: firstVerified !== undefined, answer })
  }
}
