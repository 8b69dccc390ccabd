/** The examples of frameworks: installed from tarballs as docs/embedding.md says, built, and solving in Chromium. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { describeInChromium, launch } from '../../packages/web/test/chromium.ts'
import { STRICT_POLICY } from '../../packages/web/test/server.ts'
import { npmInstall } from '../src/apps.ts'
import { oursOf, ROOT, tarballOf } from '../src/packed.ts'
import { itsRow } from '../src/rows.ts'
import { run } from '../src/run.ts'
import { solveByButton, visit } from '../src/visit.ts'

/** Next writes scripts into its pages. */
const NEXT = { policy: STRICT_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") }

describeInChromium('examples', () => {
  /** Not in the workshop: neither Vite nor Next can work below a folder with a '#'. */
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ptrm examples '))
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** An example with our tarballs in place of what npm does not have yet. */
  async function install(name: string): Promise<string> {
    const example = join(folder, name)
    cpSync(join(ROOT, 'examples', name), example, {
      recursive: true,
      filter: (path) => !/node_modules|[\\/](\.next|dist|out)$/.test(path),
    })
    await npmInstall(example, ...oursOf('web').map((ours) => tarballOf(inject('workshop'), ours)))
    return example
  }

  /** The framework hears what the element says. */
  async function solveAndHear(page: Page): Promise<void> {
    await solveByButton(page)
    await page.getByText(/^Solved by rollout \d+, q \d+\.\d$/).waitFor()
  }

  const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }

  for (const name of ['react', 'preact', 'vue', 'svelte'])
    itsRow({ runtime: 'Chromium', bundler: 'vite 8', what: `examples/${name}` }, async () => {
      const cwd = await install(name)
      await run('npm', ['run', 'build'], { cwd, env })
      expect(await visit(browser, join(cwd, 'dist'), solveAndHear)).toEqual([])
    })

  // Most of the time goes into the installation, which both share.
  let next: Promise<string> | undefined
  for (const bundler of ['turbopack', 'webpack'])
    itsRow(
      { runtime: 'Chromium', bundler: `Next, ${bundler}`, what: 'examples/next' },
      async () => {
        next ??= install('next')
        const cwd = await next
        await run('npm', ['run', 'build', '--', `--${bundler}`], { cwd, env, timeout: 400_000 })
        expect(await visit(browser, join(cwd, 'out'), solveAndHear, NEXT)).toEqual([])
      },
      600_000,
    )
})
