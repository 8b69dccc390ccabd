/** docs/embedding.md, followed to the letter: packed tarballs in a fresh vite app, built and in development. */
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { complaintsOf, describeInChromium, launch } from './chromium.ts'
import { serve } from './server.ts'

const PACKAGES = ['core-wasm', 'models', 'puzzles', 'checkpoints', 'orchestrator', 'web']
const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const DOCS = readFileSync(folder('../../../docs/embedding.md'), 'utf8')

/** The first code block of a language that holds a text. */
function fromDocs(language: string, holding: string): string {
  const blocks = [...DOCS.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
  const block = blocks.find(([, name, code]) => name === language && code!.includes(holding))
  if (!block) throw new Error(`docs/embedding.md has no ${language} block with ${holding}`)
  return block[2]!
}

function run(cwd: string, command: string, ...args: string[]): string {
  const bin = `${folder('../node_modules/.bin')}:${folder('../../../node_modules/.bin')}:${process.env['PATH']}`
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: bin, CI: '1', NODE_ENV: 'production' },
  })
}

/** Our packages by name, packed into `tarballs`. */
function pack(tarballs: string): Record<string, string> {
  mkdirSync(tarballs)
  for (const name of PACKAGES) run(folder(`../../${name}`), 'pnpm', 'pack', '--pack-destination', tarballs)
  const files = readdirSync(tarballs)
  return Object.fromEntries(
    files.map((file) => [file.replace(/^ptrm-(.*)-\d.*$/, '@ptrm/$1'), `file:./tarballs/${file}`]),
  )
}

/** What our packages need of others, linked from this workspace: the registry may be out of reach. */
function thirdParty(): Record<string, string> {
  const links: Record<string, string> = {}
  for (const name of PACKAGES) {
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(folder(`../../${name}/package.json`), 'utf8'),
    )
    // pnpm's way to leave a dependency out.
    for (const other of Object.keys(optionalDependencies)) links[other] = '-'
    for (const other of Object.keys(dependencies).filter((other) => !other.startsWith('@ptrm/')))
      links[other] = `link:${realpathSync(folder(`../../${name}/node_modules/${other}`))}`
  }
  return links
}

/** An app that installs our tarballs as a user would. */
function makeApp(): string {
  const app = mkdtempSync(join(tmpdir(), 'ptrm-app-'))
  const ours = pack(join(app, 'tarballs'))
  const manifest = {
    ...{ name: 'app', private: true, type: 'module' },
    dependencies: {
      '@ptrm/web': ours['@ptrm/web'],
      vite: `link:${realpathSync(folder('../node_modules/vite'))}`,
    },
    pnpm: { overrides: { ...ours, ...thirdParty() } },
  }
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest))
  writeFileSync(
    join(app, 'index.html'),
    '<!doctype html><title>App</title><script type="module" src="/main.js"></script>',
  )
  writeFileSync(join(app, 'main.js'), fromDocs('js', "import '@ptrm/web'"))
  run(app, 'pnpm', 'install', '--offline', '--no-lockfile')
  return app
}

describeInChromium('embedding, as the docs say', () => {
  let app: string
  let browser: Browser
  beforeAll(async () => {
    app = makeApp()
    browser = await launch()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    if (app) rmSync(app, { recursive: true, force: true })
  })

  /** Solves by the button; returns what the page complained of. */
  async function solveAt(url: string): Promise<string[]> {
    const page = await browser.newPage()
    const complaints = complaintsOf(page)
    await page.goto(url)
    await page.getByRole('button', { name: 'Solve' }).click()
    await page.waitForSelector('ptrm-solver[state=solved], ptrm-solver[state=error]')
    const status = await page.locator('ptrm-solver [part=status]').textContent()
    expect(status).toMatch(/^Solved by try/)
    await page.close()
    return complaints
  }

  it('works from a plain page with one script', async () => {
    const pages = join(app, 'plain')
    mkdirSync(pages)
    writeFileSync(join(pages, 'index.html'), fromDocs('html', 'ptrm-solver.js'))
    const packed = join(app, 'node_modules/@ptrm/web/dist/standalone/')
    const server = await serve({ '/': pages, '/ptrm/': packed })
    expect(await solveAt(server.origin)).toEqual([])
    await server.close()
  })

  it('works from a vite build of the packed tarballs, under a strict policy', async () => {
    run(app, 'vite', 'build', '--logLevel', 'warn')
    const server = await serve({ '/': join(app, 'dist') })
    expect(await solveAt(server.origin)).toEqual([])
    await server.close()
  })

  it("works from vite's development server", async () => {
    const { createServer } = await import('vite')
    // The links lead out of the app, where vite's server would not read.
    const server = await createServer({
      root: app,
      logLevel: 'silent',
      server: { port: 0, host: '127.0.0.1', fs: { strict: false } },
    })
    await server.listen()
    const [url] = server.resolvedUrls!.local
    const complaints = await solveAt(url!)
    expect(
      complaints.filter((text) => !text.includes('Lit is in dev mode') && !/favicon|404/.test(text)),
    ).toEqual([])
    await server.close()
  })
})
