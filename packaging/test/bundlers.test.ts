/** Pages made from the installed packages by each bundler, as docs/embedding.md says, in Chromium under a strict policy. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { describeInChromium, launch } from '../../packages/web/test/chromium.ts'
import { ALL, appFolder, installedFolder } from '../src/apps.ts'
import { ROOT } from '../src/packed.ts'
import { itsRow } from '../src/rows.ts'
import { run } from '../src/run.ts'
import { solveByButton, visit } from '../src/visit.ts'

const DOCS = readFileSync(join(ROOT, 'docs', 'embedding.md'), 'utf8')
const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

/** The code block of the docs that holds a text. */
function fromDocs(holding: string): string {
  const blocks = [...DOCS.matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, code]) => code!)
  const block = blocks.find((code) => code.includes(holding))
  if (!block) throw new Error(`docs/embedding.md has no code with ${holding}`)
  return block
}

const pageWith = (script: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>App</title>${script}`

describeInChromium('bundled pages', () => {
  let app: string
  let browser: Browser
  beforeAll(async () => {
    app = appFolder(inject('workshop'), ALL)
    writeFileSync(join(app, 'element.js'), fromDocs("import '@ptrm/web'"))
    const tell = `\nconst { status } = await solver.solve('${PUZZLE}')\ndocument.title = status\n`
    writeFileSync(join(app, 'main.js'), fromDocs('browserAdapter(') + tell)
    const scope = join(app, 'node_modules', '@rollup')
    mkdirSync(scope, { recursive: true })
    for (const plugin of ['plugin-node-resolve', 'plugin-url'])
      symlinkSync(
        realpathSync(join(ROOT, 'packaging/node_modules/@rollup', plugin)),
        join(scope, plugin),
        'junction',
      )
    browser = await launch()
  })
  afterAll(() => browser?.close())

  /** Adds a page to a folder of the app; returns the folder's path. */
  function withPage(folder: string, script: string): string {
    writeFileSync(join(app, folder, 'index.html'), pageWith(script))
    return join(app, folder)
  }

  async function solveByItself(page: Page): Promise<void> {
    await page.waitForFunction(() => document.title !== 'App')
    expect(await page.title()).toBe('verified')
  }

  const MODULE = '<script type="module" src="main.js"></script>'
  const CLASSIC = '<script defer src="main.js"></script>'

  itsRow({ runtime: 'Chromium', bundler: 'vite 8', what: 'the element, no configuration' }, async () => {
    // Vite itself can't work below a folder with a '#'; a blank it must stand.
    const folder = mkdtempSync(join(tmpdir(), 'ptrm vite '))
    try {
      cpSync(app, folder, { recursive: true, filter: (path) => !path.includes('@rollup') })
      writeFileSync(join(folder, 'index.html'), pageWith('<script type="module" src="/element.js"></script>'))
      await run('vite', ['build', '--logLevel', 'warn'], { cwd: folder, env: { NODE_ENV: 'production' } })
      expect(await visit(browser, join(folder, 'dist'), solveByButton)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  itsRow({ runtime: 'Chromium', bundler: 'webpack 5', what: 'the element, no configuration' }, async () => {
    const { default: webpack } = await import('webpack')
    const output = { path: join(app, 'webpack'), filename: 'main.js' }
    const compiler = webpack({ mode: 'production', context: app, entry: './element.js', output })
    const problems = await new Promise<string[]>((resolve, reject) => {
      compiler.run((error, stats) => {
        if (error || !stats) return reject(error)
        const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true })
        const texts = [...errors, ...warnings].map(({ message }) => message)
        compiler.close(() => resolve(texts))
      })
    })
    // Weights are larger than what webpack thinks good for a page.
    expect(problems.filter((text) => !text.includes('size limit'))).toEqual([])
    expect(await visit(browser, withPage('webpack', CLASSIC), solveByButton)).toEqual([])
  })

  itsRow({ runtime: 'Chromium', bundler: 'esbuild', what: 'as docs/embedding.md says' }, async () => {
    const [, command, ...args] = fromDocs('npx esbuild').trim().split(' ')
    const elsewhere = args.map((arg) => arg.replace('=dist', '=esbuild'))
    await run(command!, elsewhere, { cwd: app })
    expect(await visit(browser, withPage('esbuild', MODULE), solveByItself)).toEqual([])
  })

  itsRow({ runtime: 'Chromium', bundler: 'rollup 4', what: 'as docs/embedding.md says' }, async () => {
    writeFileSync(join(app, 'rollup.config.js'), fromDocs('@rollup/plugin-url').replace("'dist'", "'rollup'"))
    await run('rollup', ['--config', '--silent'], { cwd: app })
    expect(await visit(browser, withPage('rollup', MODULE), solveByItself)).toEqual([])
  })

  /** Builds the page that gives nothing, then more and more; checks that each lack is named with its remedy. */
  async function saysWhatToDo(folder: string, script: string): Promise<void> {
    const models = join(installedFolder(inject('workshop'), ALL, 'models'), 'weights')
    copyFileSync(join(models, 'sudoku-2', 'model.safetensors'), join(app, folder, 'model.safetensors'))
    const kernel = join(installedFolder(inject('workshop'), ALL, 'core-wasm'), 'pkg', 'simd128')
    copyFileSync(join(kernel, 'ptrm_core_bg.wasm'), join(app, folder, 'kernel.wasm'))
    await visit(browser, withPage(folder, script), async (page) => {
      await page.waitForFunction(() => 'messages' in globalThis)
      const messages = await page.evaluate(() => (globalThis as unknown as { messages: object }).messages)
      expect(messages).toEqual({
        nothing: expect.stringMatching(/^ModelUnavailableError: .*esbuild and rollup.* give modelUrl/),
        model: expect.stringMatching(/^KernelUnavailableError: .*esbuild and rollup.* give wasmUrl/),
        modelAndKernel: expect.stringMatching(/worker.*esbuild and rollup.* give adapter: browserAdapter/),
        badWorker: expect.stringMatching(/worker.*is it served/),
      })
    })
  }

  const UNTOLD = ['programs/untold.js', '--bundle', '--log-level=error']
  itsRow({ runtime: 'Chromium', bundler: 'esbuild', what: 'untold: says what to do' }, async () => {
    await run('esbuild', [...UNTOLD, '--format=esm', '--outfile=untold-esm/main.js'], { cwd: app })
    await saysWhatToDo('untold-esm', MODULE)
  })

  itsRow({ runtime: 'Chromium', bundler: 'esbuild, iife', what: 'untold: says what to do' }, async () => {
    await run('esbuild', [...UNTOLD, '--format=iife', '--outfile=untold-iife/main.js'], { cwd: app })
    await saysWhatToDo('untold-iife', CLASSIC)
  })

  itsRow({ runtime: 'Chromium', bundler: 'rollup 4', what: 'untold: says what to do' }, async () => {
    const plugin = ['--plugin', '@rollup/plugin-node-resolve={browser: true}']
    const args = [
      'programs/untold.js',
      ...plugin,
      '--format',
      'es',
      '--file',
      'untold-rollup/main.js',
      '--silent',
    ]
    await run('rollup', args, { cwd: app })
    await saysWhatToDo('untold-rollup', MODULE)
  })
})
