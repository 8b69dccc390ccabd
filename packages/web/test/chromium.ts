/** A real Chromium for the tests. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { describeUnless } from './describe-unless.ts'
import { findChromium } from './find-chromium.ts'
import { serve, type TestServer } from './server.ts'

export const chromiumPath: string | undefined = findChromium()

/** `describe` where there is a Chromium. */
export function describeInChromium(name: string, tests: () => void): void {
  const lack = chromiumPath ? undefined : 'no Chromium found. Install one or set CHROMIUM to its path'
  describeUnless(lack, name, tests)
}

/** A browser and a server for the suite that calls this; every page in a context of its own, closed after its test. */
export class BrowserFixture {
  browser!: Browser
  server!: TestServer
  readonly #contexts: BrowserContext[] = []

  constructor(folders: Readonly<Record<string, string>>) {
    beforeAll(async () => {
      ;[this.browser, this.server] = await Promise.all([launch(), serve(folders)])
    })
    afterEach(async () => {
      for (const context of this.#contexts.splice(0)) await context.close()
    })
    afterAll(async () => {
      await this.browser?.close()
      await this.server?.close()
    })
  }

  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext(options)
    this.#contexts.push(context)
    return context.newPage()
  }
}

/** The caller closes it. */
export function launch(): Promise<Browser> {
  if (!chromiumPath) throw new Error('no Chromium: use describeInChromium')
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
}

/** What a page complains of: uncaught errors, console errors, refusals by the policy. A live list. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}
