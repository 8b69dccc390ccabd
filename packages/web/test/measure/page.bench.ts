/**
 * The demo page beside the library in Node: the same puzzle, plan and number of workers, in turn. And how free the page
 * stays meanwhile: its main thread's longest task, frames a second; and what it loads before its first solve.
 * `npm run bench:page`; for Chromium.
 */
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { createSolver, type Solver } from '@ptrm/orchestrator'
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

/** A run, in milliseconds by the clock and by the processor. */
interface Run {
  readonly ms: number
  readonly cpuMs: number
}

/** A run of the page. */
interface PageRun extends Run {
  /** By the processor, of the process that paints for all pages; `cpuMs` is that of page and workers. */
  readonly paintingMs: number
}

/** What was seen of a run that was watched, which takes time itself. */
interface Watched {
  readonly ms: number
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
async function cpuOf(browser: Browser): Promise<{ readonly page: number; readonly painting: number }> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const of = (wanted: string) =>
    processInfo.filter(({ type }) => type === wanted).reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
  return { page: of('renderer'), painting: of('GPU') }
}

/** Presses Solve, waits for the end of the run, and counts frames meanwhile where that is wanted. */
function press(page: Page, countsFrames: boolean): Promise<{ readonly ms: number; readonly frames: number }> {
  return page.evaluate(async (countsFrames) => {
    let frames = 0
    let goesOn = countsFrames
    const count = () => {
      frames += 1
      if (goesOn) requestAnimationFrame(count)
    }
    const solver = document.querySelector('ptrm-solver')!
    const ended = new Promise((resolve) => {
      for (const name of ['ptrm-solved', 'ptrm-unsolved'])
        solver.addEventListener(name, resolve, { once: true })
    })
    document.querySelector<HTMLButtonElement>('#solve')!.click()
    if (goesOn) requestAnimationFrame(count)
    await ended
    goesOn = false
    return { ms: solver.result!.stats.ms, frames }
  }, countsFrames)
}

async function timePage(browser: Browser, page: Page): Promise<PageRun> {
  const before = await cpuOf(browser)
  const { ms } = await press(page, false)
  const after = await cpuOf(browser)
  return { ms, cpuMs: after.page - before.page, paintingMs: after.painting - before.painting }
}

async function watchPage(browser: Browser, page: Page): Promise<Watched> {
  await browser.startTracing(page, { categories: TRACED })
  const { ms, frames } = await press(page, true)
  const tasks = mainThreadTasks((await browser.stopTracing()).toString())
  return { ms, framesPerSecond: (1000 * frames) / ms, tasks }
}

async function timeNode(solver: Solver): Promise<Run> {
  const before = process.cpuUsage()
  const { stats } = await solver.solve(PUZZLE, { ...PLAN, stop: 'all', select: 'best-q', sketch: 48 })
  const { user, system } = process.cpuUsage(before)
  return { ms: stats.ms, cpuMs: (user + system) / 1000 }
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

async function bench(repeats: number, say: (text: string) => void) {
  const server = await serve({ '/': DEMO })
  const browser = await launch()
  try {
    const bytes = await bytesBeforeFirstSolve(browser, server.origin)
    say(`bytes before the first solve, gzip: ${JSON.stringify(bytes)}`)
    const page = await openPage(browser, server.origin)
    await timePage(browser, page) // warms up
    const workers = page.workers().length
    const solver = await createSolver({ model: 'sudoku', workers })
    await timeNode(solver)
    const rounds: { readonly node: Run; readonly page: PageRun; readonly watched: Watched }[] = []
    for (let i = 0; i < repeats; i++) {
      // Node before and after, as other work on the machine comes and goes.
      const before = await timeNode(solver)
      const run = await timePage(browser, page)
      const after = await timeNode(solver)
      const node = { ms: (before.ms + after.ms) / 2, cpuMs: (before.cpuMs + after.cpuMs) / 2 }
      rounds.push({ node, page: run, watched: await watchPage(browser, page) })
      say(`page ${run.ms.toFixed(0)} ms, Node ${node.ms.toFixed(0)} ms`)
    }
    await solver.close()
    const of = (value: (round: (typeof rounds)[number]) => number): Spread => spread(rounds.map(value))
    const figures = {
      'page / Node': of(({ node, page }) => page.ms / node.ms),
      'page / Node, by the processor': of(({ node, page }) => page.cpuMs / node.cpuMs),
      'pictures, painting among them: share of a core': of(
        ({ node, page }) => (page.cpuMs + page.paintingMs - node.cpuMs) / page.ms,
      ),
      'frames a second': of(({ watched }) => watched.framesPerSecond),
      'longest task, ms': of(({ watched }) => watched.tasks.longest),
      'longest task, ms of the processor': of(({ watched }) => watched.tasks.longestCpu),
      'tasks of 50 ms or more': of(({ watched }) => watched.tasks.over50),
      'main thread, share of a core': of(({ watched }) => watched.tasks.totalCpu / watched.ms),
    }
    for (const [name, value] of Object.entries(figures)) say(`${name}: ${showSpread(value, 2)}`)
    return { puzzle: PUZZLE, plan: PLAN, workers, bytes, figures, rounds }
  } finally {
    await browser.close()
    await server.close()
  }
}

await runBench({ name: 'page', command: 'npm run bench:page --' }, bench)
