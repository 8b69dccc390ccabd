/** A real service on loopback, with the bundled models, and what tests ask of it. */
import { afterAll } from 'vitest'
import { type RunningServer, readSettings, startServer } from '../src/index.ts'

export const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
export const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
export const TAPA = 'https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2'

/** Runs until its deadline: every rollout of a plan that has more of them than there is time for. */
export const LONG: { readonly puzzle: string; readonly plan: object } = {
  puzzle: EASY,
  plan: { rollouts: 1024, steps: 256, stop: 'all' },
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  readonly json: any
}

/** Starts a service with one worker; it ends with the file's tests. */
export async function serve(flags: Readonly<Record<string, unknown>> = {}): Promise<RunningServer> {
  const server = await startServer(readSettings({ flags: { port: 0, log: 'silent', workers: 1, ...flags } }))
  afterAll(() => server.close())
  return server
}

export async function get({ url }: RunningServer, path: string, headers = {}): Promise<Answer> {
  return answerOf(await fetch(url + path, { headers }))
}

export async function post(
  { url }: RunningServer,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return answerOf(
    await fetch(url + path, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'application/json', ...headers },
    }),
  )
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text }
}

/** Opens a batch; `body` may be a stream. */
export function batch(
  { url }: RunningServer,
  body: BodyInit,
  query = '',
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/v1/batches${query}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-ndjson' },
    ...(signal && { signal }),
    duplex: 'half',
  } as RequestInit)
}

export const ndjson = (lines: readonly unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')

// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function objects(response: Response): Promise<any[]> {
  const text = await response.text()
  return text.trim() === ''
    ? []
    : text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
}

/** A metric's value, over all its labels. */
export async function metric(server: RunningServer, name: string): Promise<number> {
  const { json } = await get(server, '/metrics')
  const lines = [...String(json).matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
  return lines.reduce((sum, [, value]) => sum + Number(value), 0)
}
