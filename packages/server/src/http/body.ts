/** Bodies as they come in: of a bounded size, in bounded time, of the type that was agreed on. */
import type { IncomingMessage } from 'node:http'
import type { z } from '@hono/zod-openapi'
import { ClientGoneError, ServiceError } from '../errors.ts'
import type { Settings } from '../settings/table.ts'
import type { Call } from './context.ts'

type Limits = Pick<Settings, 'maxBody' | 'patience'>

/** The client is not to send the rest, as nobody will read it. */
const CLOSE = { headers: { Connection: 'close' } }

/** Throws `ServiceError` where a request's body is of another type. */
export function expectType(c: Call, wanted: string): void {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';')
  if (type.trim().toLowerCase() === wanted) return
  throw new ServiceError('MediaTypeError', 415, `wanted a body with Content-Type: ${wanted}`, CLOSE)
}

/** A JSON body that keeps to a schema. Rejects with `ServiceError`, which names the first field that does not. */
export async function readJson<Value>(c: Call, schema: z.ZodType<Value>, limits: Limits): Promise<Value> {
  expectType(c, 'application/json')
  return parseJson(await readText(c, limits), schema)
}

/** Throws `ServiceError`. */
export function parseJson<Value>(text: string, schema: z.ZodType<Value>): Value {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ServiceError('BadRequestError', 400, 'malformed JSON')
  }
  const { success, data, error } = schema.safeParse(json)
  if (success) return data
  const issue = deepest(error.issues[0]!)
  const field = `/${issue.path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
  throw new ServiceError('BadRequestError', 400, issue.message, {
    place: { field: field.slice(0, LONGEST_FIELD) },
  })
}

/** A strange field's name is as long as its sender likes. */
const LONGEST_FIELD = 100

type Issue = z.core.$ZodIssue

/** Of a choice that nothing fits, the fault of the first option says more than that there is one. */
function deepest(issue: Issue): Pick<Issue, 'path' | 'message'> {
  const message = issue.message.length > 200 ? `${issue.message.slice(0, 200)}...` : issue.message
  return { path: issue.path, message }
}

async function readText(c: Call, { maxBody, patience }: Limits): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > maxBody) throw tooLarge(maxBody)
  const bytes = await inTime(wholeOf(c.env.incoming, maxBody), patience)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ServiceError('BadRequestError', 400, 'the body is no UTF-8')
  }
}

/** A body as Node reads it: as a web stream it would take a quarter of the time of a whole request. Rejects with `ServiceError`. */
function wholeOf(incoming: IncomingMessage, maxBody: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBody) chunks.push(chunk)
      else {
        incoming.off('data', take)
        reject(tooLarge(maxBody))
      }
    }
    incoming.on('data', take)
    incoming.once('end', () => resolve(Buffer.concat(chunks)))
    // A body breaks off where its sender does.
    const goneAway = () => reject(new ClientGoneError())
    if (incoming.destroyed) goneAway()
    incoming.once('error', goneAway).once('close', goneAway)
  })
}

/** A body piece by piece; `msLeft` says how long the next one may take. Throws `ServiceError`. */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  msLeft: () => number,
): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  try {
    while (true) {
      const { done, value } = await inTime(reader.read().catch(gone), msLeft())
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** A body breaks off where its sender does. */
function gone(): never {
  throw new ClientGoneError()
}

async function inTime<Value>(coming: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, ms))
  })
  try {
    return await Promise.race([coming, late])
  } finally {
    clearTimeout(timer)
  }
}

function tooLarge(maxBody: number): ServiceError {
  return new ServiceError('BodyTooLargeError', 413, `the body is larger than ${maxBody} bytes`, CLOSE)
}

function tooSlow(): ServiceError {
  return new ServiceError('TimeoutError', 408, 'the body did not come in time', CLOSE)
}
