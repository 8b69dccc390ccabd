/**
 * The demo page beside the library in Node: the same puzzle, plan and number of workers, in turn. And how free the page
 * stays meanwhile: its main thread's longest task, frames a second; and what it loads before its first solve.
 * `npm run bench:page`; for Chromium.
 */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createSolver } from '@ptrm/orchestrator'
import type { Browser, Page } from 'playwright-core'
import { runBench, type Spread, showSpread, spread } from '../../../../benchmarks/src/report.ts'
import examples from '../../demo/examples.json' with { type: 'json' }
import { launch } from '../chromium.ts'
import { serve } from '../server.ts'
import { type MainThreadTasks, mainThreadTasks, TRACED } from './page-trace.ts'

const DEMO = fileURLToPath(new URL('../../demo/dist/', import.meta.url))
const PUZZLE = examples.find(({ kind }) => kind === 'sudoku')!.puzzle
/** The page's own for this puzzle. */
const PLAN = { rollouts: 64, steps: 32, sigma: 0.3, seed: 1 } as const
const LINK = `#p=${PUZZLE}&k=${PLAN.rollouts}&d=${PLAN.steps}&s=${PLAN.sigma}&seed=${PLAN.seed}`

/** One run of the page. */
interface PageRun {
  readonly ms: number
  /** Of the processor, by the browser's processes: the page with its workers, and what paints it. */
  readonly cpuMs: { readonly page: number; readonly painting: number }
  readonly workers: number
  readonly right: string
  readonly framesPerSecond: number
  readonly tasks: MainThreadTasks
}

async function openPage(browser: Browser, origin: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${origin}/${LINK}`)
  await page.evaluate(() => document.querySelector('ptrm-solver')!.load())
  return page
}

/** Milliseconds of the processor so far, by the browser's kinds of processes. */
async function cpuOf(browser: Browser): Promise<PageRun['cpuMs']> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const of = (wanted: string) =>
    processInfo.filter(({ type }) => type === wanted).reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
  return { page: of('renderer'), painting: of('GPU') }
}

/** Presses Solve and waits until the page has shown the end. */
async function runPage(browser: Browser, page: Page): Promise<PageRun> {
  await browser.startTracing(page, { categories: TRACED })
  const before = await cpuOf(browser)
  const seen = await page.evaluate(async () => {
    let frames = 0
    let goesOn = true
    const count = () => {
      frames += 1
      if (goesOn) requestAnimationFrame(count)
    }
    const solver = document.querySelector('ptrm-solver')!
    const ended = new Promise((resolve) => {
      for (const name of ['ptrm-solved', 'ptrm-unsolved'])
        solver.addEventListener(name, resolve, { once: true })
    })
    const begun = performance.now()
    document.querySelector<HTMLButtonElement>('#solve')!.click()
    requestAnimationFrame(count)
    await ended
    goesOn = false
    const seconds = (performance.now() - begun) / 1000
    return { framesPerSecond: frames / seconds, ms: solver.result!.stats.ms }
  })
  const after = await cpuOf(browser)
  const cpuMs = { page: after.page - before.page, painting: after.painting - before.painting }
  const tasks = mainThreadTasks((await browser.stopTracing()).toString())
  const right = (await page.locator('#status').textContent()) ?? ''
  return { ...seen, cpuMs, tasks, right, workers: page.workers().length }
}

/** Gzipped bytes of all that was asked for before the first solve ended. */
async function bytesBeforeFirstSolve(browser: Browser, origin: string): Promise<Record<string, number>> {
  const page = await browser.newPage()
  const bodies: Promise<readonly [type: string, bytes: number]>[] = []
  const seen = new Set<string>()
  page.on('response', (response) => {
    // The service worker asks again for what it is to keep: from the browser's own cache.
    if (seen.has(response.url())) return
    seen.add(response.url())
    const type = new URL(response.url()).pathname.split('.').at(-1) || 'html'
    bodies.push(
      response.body().then((body) => [type === '/' ? 'html' : type, gzipSync(body).length] as const),
    )
  })
  await page.goto(origin)
  await page.evaluate(() => document.querySelector('ptrm-solver')!.solve({ rollouts: 1, steps: 1 }))
  const bytes: Record<string, number> = {}
  for (const [type, length] of await Promise.all(bodies)) bytes[type] = (bytes[type] ?? 0) + length
  await page.close()
  return { ...bytes, total: Object.values(bytes).reduce((sum, length) => sum + length, 0) }
}

interface NodeRun {
  readonly ms: number
  /** Of the processor. */
  readonly cpuMs: number
}

async function bench(repeats: number, say: (text: string) => void) {
  const server = await serve({ '/': DEMO })
  const browser = await launch()
  try {
    const bytes = await bytesBeforeFirstSolve(browser, server.origin)
    say(`bytes before the first solve, gzip: ${JSON.stringify(bytes)}`)
    const page = await openPage(browser, server.origin)
    const { workers } = await runPage(browser, page) // also warms up
    const solver = await createSolver({ model: 'sudoku', workers })
    const inNode = async () => {
      const before = process.cpuUsage()
      const { stats } = await solver.solve(PUZZLE, { ...PLAN, stop: 'all', select: 'best-q', sketch: 48 })
      const { user, system } = process.cpuUsage(before)
      return { ms: stats.ms, cpuMs: (user + system) / 1000 }
    }
    await inNode()
    const pairs: { readonly node: NodeRun; readonly page: PageRun }[] = []
    for (let i = 0; i < repeats; i++) {
      // Node before and after, as other work on the machine comes and goes.
      const before = await inNode()
      const run = await runPage(browser, page)
      const after = await inNode()
      const node = { ms: (before.ms + after.ms) / 2, cpuMs: (before.cpuMs + after.cpuMs) / 2 }
      pairs.push({ node, page: run })
      say(
        `page ${run.ms.toFixed(0)} ms, Node ${node.ms.toFixed(0)} ms, ${(run.ms / node.ms).toFixed(2)} times`,
      )
    }
    await solver.close()
    const of = (value: (pair: (typeof pairs)[number]) => number): Spread => spread(pairs.map(value))
    const figures = {
      'page / Node': of(({ node, page }) => page.ms / node.ms),
      'page / Node, by the processor, without painting': of(({ node, page }) => page.cpuMs.page / node.cpuMs),
      'painting, share of the page': of(({ page }) => page.cpuMs.painting / page.cpuMs.page),
      'frames a second': of(({ page }) => page.framesPerSecond),
      'longest task, ms': of(({ page }) => page.tasks.longest),
      'longest task, ms of the processor': of(({ page }) => page.tasks.longestCpu),
      'tasks of 50 ms or more': of(({ page }) => page.tasks.over50),
      'main thread, share of a core': of(({ page }) => page.tasks.totalCpu / page.ms),
    }
    for (const [name, value] of Object.entries(figures)) say(`${name}: ${showSpread(value, 2)}`)
    return { puzzle: PUZZLE, plan: PLAN, workers, bytes, figures, pairs }
  } finally {
    await browser.close()
    await server.close()
  }
}

await runBench({ name: 'page', command: 'npm run bench:page --' }, bench)
