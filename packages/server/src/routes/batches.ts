/** `POST /v1/batches`: a puzzle a line in, an answer a line out, both ways no faster than the other end can take. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inFlight } from '../batch/in-flight.ts'
import { type Line, linesOf } from '../batch/lines.ts'
import { type ErrorBody, ServiceError } from '../errors.ts'
import { chunksOf, expectType, parseJson } from '../http/body.ts'
import type { App, Call } from '../http/context.ts'
import { bodyOf } from '../http/errors.ts'
import { connectionOf, pulled } from '../http/stream.ts'
import { drainingError, type Work } from '../life.ts'
import { NDJSON } from '../schema/describe.ts'
import { type Service, type SolveAnswer, solve } from '../service.ts'

/** What comes of a line. */
type Answer = { readonly line: number } & (
  | SolveAnswer
  | { readonly id?: string | undefined; readonly error: ErrorBody }
)

/** A line to work on, or why none is read from here on. */
type Item = Line | { readonly number: number; readonly end: unknown }

export function addBatches(app: App, service: Service): void {
  app.post('/v1/batches', (c) => {
    expectType(c, NDJSON)
    const order = c.req.query('order') ?? 'input'
    if (order !== 'input' && order !== 'done')
      throw new ServiceError('BadRequestError', 400, 'order: wanted input or done', {
        place: { field: '/order' },
      })
    // Each line waits for a place of its own, but a batch is not begun where there is none.
    service.queue.check()
    const work = service.life.begin(c.req.raw.signal)
    const lines = answerLines(c, service, work, order === 'input')
    const { patience } = service.settings
    const body = pulled(lines, { work, patience, connection: connectionOf(c) }, () => {})
    return c.body(body, 200, { 'Content-Type': NDJSON })
  })
}

/** Enough for the cores of a machine, also where some of them are nearly done. */
const LEAST_AT_ONCE = 32

async function* answerLines(c: Call, service: Service, work: Work, ordered: boolean): AsyncGenerator<string> {
  const answers = inFlight({
    items: itemsOf(c, service),
    work: (item) => answerItem(c, service, work, item),
    atOnce: service.settings.batchWindow ?? Math.max(LEAST_AT_ONCE, service.engines.slots),
    ordered,
  })
  for await (const answer of answers) yield `${JSON.stringify(answer)}\n`
}

/** The lines up to the end of the body, of what a batch may hold, of the client's patience, or of the service. */
async function* itemsOf(c: Call, { settings, life }: Service): AsyncGenerator<Item> {
  const lines = linesOf(
    chunksOf(c.req.raw.body, () => settings.patience),
    settings.maxBody,
  )
  let isDraining = false
  let stopWaiting = () => {}
  const callOff = life.whenDraining(() => {
    isDraining = true
    stopWaiting()
  })
  const nextLine = () =>
    new Promise<IteratorResult<Line> | 'draining'>((resolve, reject) => {
      stopWaiting = () => resolve('draining')
      if (isDraining) stopWaiting()
      lines.next().then(resolve, reject)
    })
  let number = 0
  let count = 0
  try {
    while (true) {
      const next = await nextLine()
      if (next === 'draining') return yield { number: number + 1, end: drainingError(NOT_READ) }
      if (next.done) return
      ;({ number } = next.value)
      count += 1
      if (count > settings.maxPuzzles) return yield { number, end: tooMany(settings.maxPuzzles) }
      yield next.value
    }
  } catch (end) {
    yield { number: number + 1, end }
  } finally {
    callOff()
    void lines.return(undefined).catch(() => {})
  }
}

const NOT_READ = 'the service is ending: this line and those behind it were not read'

/** Never rejects: a line that fails is an answer. */
async function answerItem(c: Call, service: Service, work: Work, item: Item): Promise<Answer> {
  const told = (error: unknown) => bodyOf(error, { log: c.get('log'), metrics: service.metrics })
  let id: string | undefined
  // Lines that fail at once are not to keep other requests from their turn.
  await nextTurn()
  try {
    if ('end' in item) throw item.end
    if ('fault' in item) throw faulty(item.fault, service.settings.maxBody)
    const request = parseJson(item.text, service.schemas.solve)
    id = request.id
    const leave = await service.queue.wait(work.signal)
    try {
      return {
        line: item.number,
        ...(await solve(service, request, { client: c.get('client'), signal: work.signal })),
      }
    } finally {
      leave()
    }
  } catch (error) {
    return { line: item.number, id, error: told(error) }
  }
}

function faulty(fault: 'too long' | 'no UTF-8', maxBody: number): ServiceError {
  return fault === 'too long'
    ? new ServiceError('BodyTooLargeError', 413, `the line is longer than ${maxBody} bytes`)
    : new ServiceError('BadRequestError', 400, 'the line is no UTF-8')
}

function tooMany(most: number): ServiceError {
  return new ServiceError(
    'LimitError',
    413,
    `a batch holds at most ${most} puzzles: this line and those behind it were not read`,
  )
}
