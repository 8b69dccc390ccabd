/** What operators see: metrics, spans, log lines. */
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Span, type SpanOptions, trace } from '@opentelemetry/api'
import { expect, it } from 'vitest'
import { EASY, get, metric, post, serve } from '../test/service.ts'

const server = await serve()

it('metrics count requests, puzzles, rollouts and steps, and what a stop rule spared', async () => {
  const { json } = await post(server, '/v1/solve', { puzzle: EASY, plan: { rollouts: 9 } })
  await post(server, '/v1/solve', { puzzle: EASY, plan: { rollouts: 2, steps: 2, stop: 'all' } })
  await post(server, '/v1/solve', { puzzle: 'x' })
  await get(server, '/nowhere/at/all')
  const { rollouts, steps } = json.stats
  expect(await metric(server, 'ptrm_rollouts_total')).toBe(rollouts + 2)
  expect(await metric(server, 'ptrm_steps_total')).toBe(steps + 4)
  expect(await metric(server, 'ptrm_rollouts_spared_total')).toBe(9 - rollouts)
  expect(await metric(server, 'ptrm_solve_duration_seconds_count')).toBe(2)
  const text = String((await get(server, '/metrics')).json)
  for (const line of [
    'ptrm_errors_total{class="PuzzleParseError"} 1',
    'ptrm_errors_total{class="NotFoundError"} 1',
    'ptrm_request_duration_seconds_count{method="POST",route="/v1/solve",status="200"} 2',
    'ptrm_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    'ptrm_queue_depth 0',
  ])
    expect(text).toContain(`${line}\n`)
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

it('spans are made through the API of OpenTelemetry, one a request and one a puzzle', async () => {
  const spans: { name: string; attributes: Record<string, unknown>; ended: boolean }[] = []
  const startSpan = (name: string, _options?: SpanOptions): Span => {
    const made = { name, attributes: {}, ended: false }
    spans.push(made)
    const span = {
      setAttributes: (attributes: object) => Object.assign(made.attributes, attributes),
      setStatus: () => {},
      updateName: (to: string) => Object.assign(made, { name: to }),
      end: () => Object.assign(made, { ended: true }),
    }
    return span as unknown as Span
  }
  const tracer = {
    startSpan,
    startActiveSpan: (name: string, work: (span: Span) => unknown) => work(startSpan(name)),
  }
  trace.setGlobalTracerProvider({ getTracer: () => tracer as never })
  await post(server, '/v1/solve', { puzzle: EASY })
  trace.disable()
  expect(spans).toMatchObject([
    {
      name: 'POST /v1/solve',
      ended: true,
      attributes: { 'http.route': '/v1/solve', 'http.response.status_code': 200 },
    },
    {
      name: 'solve',
      ended: true,
      attributes: { 'ptrm.kind': 'sudoku', 'ptrm.status': 'verified', 'ptrm.model': 'sudoku-2' },
    },
  ])
})

it('log lines are JSON with the id of the request, and tell neither puzzles nor keys', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-log-'))
  const log = join(folder, 'log')
  const script = `
    import { readSettings, startServer } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
    const server = await startServer(readSettings({ flags: { port: 0, workers: 1, log: 'debug' } }))
    const post = (body) => fetch(server.url + '/v1/solve', { method: 'POST', body, headers: {
      'Content-Type': 'application/json', 'X-Request-Id': 'mine', Authorization: 'Bearer secret' } })
    await post(JSON.stringify({ puzzle: ${JSON.stringify(EASY)} }))
    await post('{')
    await server.close()`
  const program = join(folder, 'program.mjs')
  writeFileSync(program, script)
  const child = spawn(process.execPath, [program], { stdio: ['ignore', openSync(log, 'w'), 'inherit'] })
  await new Promise((resolve) => child.on('close', resolve))
  const text = readFileSync(log, 'utf8')
  rmSync(folder, { recursive: true })
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ msg }) => msg)).toEqual(['ready', 'answered', 'refused', 'answered', 'ended'])
  expect(lines[1]).toMatchObject({
    requestId: 'mine',
    method: 'POST',
    path: '/v1/solve',
    status: 200,
    client: '127.0.0.1',
  })
  expect(text).not.toMatch(/secret|52\.\.\.\./)
})
