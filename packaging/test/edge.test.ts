/** Without workers: the rollouts of Node's threads, bit for bit, on every runtime and in a service worker; the example in workerd. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject } from 'vitest'
import { describeInChromium, launch } from '../../packages/web/test/chromium.ts'
import { serve } from '../../packages/web/test/server.ts'
import { ALL, appFolder } from '../src/apps.ts'
import { ROOT } from '../src/packed.ts'
import { itsRow } from '../src/rows.ts'
import { run } from '../src/run.ts'
import { runtimes } from '../src/runtimes.ts'
import { bundleWorker, type ServedWorker, serveWorker } from '../src/workerd.ts'

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const HARD = '8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..'
const VARIANTS = ['simd128', 'relaxed'] as const
/** Of the packed script, what Cloudflare's free plan takes; in bytes, after gzip. */
const FREE_PLAN = 3 * 2 ** 20

type Found = Readonly<Record<string, { readonly status: string; readonly steps: readonly unknown[] }>>

const found = async (command: readonly string[], ...args: string[]): Promise<Found> => {
  const cwd = appFolder(inject('workshop'), ALL)
  const output = await run(command[0]!, [...command.slice(1), 'programs/edge.mjs', ...args], { cwd })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}

let threads: Found
beforeAll(async () => {
  threads = await found([process.execPath], 'threads')
  expect(Object.keys(threads)).toEqual(VARIANTS.map((variant) => `${variant}, main`))
  expect(threads['simd128, main']!.steps).toHaveLength(24)
})

for (const { name: runtime, command } of runtimes) {
  // It needs to read its files, and nothing else.
  const frugal = command.map((part) => (part === '--allow-all' ? '--allow-read' : part))
  itsRow({ runtime, bundler: '', what: 'without workers: the bits of threads' }, async () => {
    const [here, own] = [await found(frugal), await found(command, 'threads')]
    expect(Object.keys(here).length).toBeGreaterThanOrEqual(2)
    for (const [way, rollouts] of Object.entries(here)) {
      const [variant] = way.split(',')
      // Relaxed SIMD may round as the runtime likes; JavaScriptCore, which Bun has, does it otherwise than V8.
      const wanted = variant === 'relaxed' ? own : threads
      expect(rollouts, way).toEqual(wanted[`${variant}, main`])
    }
  })
}

describe('workerd', () => {
  const app = () => appFolder(inject('workshop'), ALL)
  const row = (what: string) => ({ runtime: 'workerd', bundler: 'esbuild', what })

  // Newer ones have setImmediate, older ones timers alone.
  for (const date of ['2026-10-01', '2024-10-15'])
    itsRow(row(`the bits of threads, as of ${date}`), async () => {
      const folder = join(app(), `workerd-${date}`)
      await bundleWorker(app(), 'programs/edge-worker.mjs', folder)
      const worker = await serveWorker(folder, 'edge-worker.js', date)
      try {
        for (const variant of VARIANTS)
          expect(await (await fetch(`${worker.origin}/${variant}`)).json()).toEqual(
            threads[`${variant}, main`],
          )
      } finally {
        await worker.close()
      }
    })

  describe('the example worker', () => {
    let folder: string
    let worker: ServedWorker
    beforeAll(async () => {
      copyFileSync(join(ROOT, 'examples/edge/worker.js'), join(app(), 'worker.js'))
      folder = join(app(), 'workerd-example')
      await bundleWorker(app(), 'worker.js', folder)
      worker = await serveWorker(folder, 'worker.js')
    })
    afterAll(() => worker?.close())

    const ask = async (puzzle: string, signal?: AbortSignal) => {
      const options = signal ? { signal } : {}
      const response = await fetch(`${worker.origin}/?puzzle=${encodeURIComponent(puzzle)}`, options)
      return { http: response.status, ...((await response.json()) as object) }
    }
    const solved = {
      http: 200,
      status: 'verified',
      answer: expect.stringMatching(/^[1-9]{81}$/),
      q: expect.any(Number),
    }

    itsRow(row('the example answers'), async () => {
      expect(await ask(EASY)).toEqual(solved)
      expect(await ask('https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g')).toEqual(
        solved,
      )
      const refused = { http: 400, error: expect.stringMatching(/^PuzzleParseError: .*found '12'/) }
      expect(await ask('12')).toEqual(refused)
      expect(await ask(`11${'.'.repeat(79)}`)).toEqual({
        http: 400,
        error: expect.stringMatching(/^ContradictionError/),
      })
    })

    itsRow(row('requests that overlap, whichever ends first'), async () => {
      const alone: Record<string, unknown> = { [EASY]: await ask(EASY), [HARD]: await ask(HARD) }
      for (const puzzles of [
        [EASY, HARD],
        [HARD, EASY],
        [EASY, HARD, EASY, HARD, EASY],
      ])
        expect(await Promise.all(puzzles.map((puzzle) => ask(puzzle)))).toEqual(
          puzzles.map((puzzle) => alone[puzzle]),
        )
    })

    itsRow(row('requests beside one whose caller goes away'), async () => {
      const empty = '.'.repeat(81)
      for (let i = 0; i < 3; i++) {
        const gone = new AbortController()
        const left = ask(empty, gone.signal).catch((error: Error) => error.name)
        const others = [HARD, EASY].map((puzzle) => ask(puzzle))
        setTimeout(() => gone.abort(), 20 * i)
        expect(await Promise.all(others)).toEqual([solved, solved])
        expect(['AbortError', expect.objectContaining({ http: 200 })]).toContainEqual(await left)
      }
    })

    itsRow(row('the example within the free plan’s size'), async () => {
      const files = readdirSync(folder).filter((file) => file !== 'config.capnp')
      const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0)
      expect(files).toHaveLength(3)
      expect(bytes).toBeLessThan(FREE_PLAN)
    })
  })
})

describeInChromium('a service worker', () => {
  itsRow(
    { runtime: 'Chromium', bundler: 'esbuild', what: 'a service worker: the bits of threads' },
    async () => {
      const app = appFolder(inject('workshop'), ALL)
      const folder = join(app, 'service-worker')
      const files = ['--loader:.wasm=file', '--loader:.safetensors=file']
      const args = [
        'programs/service-worker.mjs',
        '--bundle',
        '--format=iife',
        ...files,
        `--outdir=${folder}`,
      ]
      await run('esbuild', [...args, '--log-level=error'], { cwd: app })
      writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Page</title>')
      const [browser, server] = await Promise.all([launch(), serve({ '/': folder })])
      try {
        const page = await browser.newPage()
        await page.goto(server.origin)
        const rollouts = await page.evaluate(async () => {
          const { serviceWorker } = navigator
          const controls = new Promise((resolve) =>
            serviceWorker.addEventListener('controllerchange', resolve),
          )
          await serviceWorker.register('/service-worker.js')
          await controls
          return (await fetch('/rollouts')).json()
        })
        expect(rollouts).toEqual(threads['simd128, main'])
      } finally {
        await browser.close()
        await server.close()
      }
    },
  )
})
