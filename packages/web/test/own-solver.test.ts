/** Elements that the page hands a solver of its own, in a real Chromium. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import type { PtrmSolver } from '../src/index.ts'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'
import { STRICT_POLICY, serve } from './server.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const FOLDERS = { '/': folder('./pages/'), '/ptrm/': folder('../dist/standalone/') }

/** As far as pages need them for workers; TypeScript knows none yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): URL }
}

describeInChromium('a solver of the page’s own, in Chromium', () => {
  const fixture = new BrowserFixture(FOLDERS)
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    page = await fixture.newPage()
    complaints = complaintsOf(page)
  })

  const open = async (name: string) => {
    await page.goto(`${fixture.server.origin}/${name}`)
  }

  it('is shared by the elements that have it, and outlives them', async () => {
    await open('element.html')
    await page.waitForFunction(() => customElements.get('ptrm-solver') && globalThis.ptrm)
    const found = await page.evaluate(async () => {
      const solver = await globalThis.ptrm.createSolver({ workers: 1 })
      const first = document.querySelector('ptrm-solver')!
      const second = first.cloneNode(true) as PtrmSolver
      document.body.append(second)
      // A promise of it will do, too.
      first.solver = solver
      second.solver = Promise.resolve(solver)
      const results = await Promise.all([first.solve(), second.solve()])
      const loaded = (await first.load()) === solver
      first.remove()
      second.remove()
      await new Promise((resolve) => setTimeout(resolve))
      const after = await solver.solve(first.puzzle!, { rollouts: 64 })
      return { loaded, statuses: [...results, after].map(({ status }) => status) }
    })
    expect(found).toEqual({ loaded: true, statuses: ['verified', 'verified', 'verified'] })
    expect(page.workers()).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('may be set before the page knows the element', async () => {
    await open('bare.html')
    await page.evaluate((puzzle) => {
      const element = document.createElement('ptrm-solver')
      element.textContent = puzzle
      element.solver = new Promise((resolve) => {
        addEventListener('knows', () => resolve(globalThis.ptrm.createSolver({ workers: 1 })))
      })
      document.body.append(element)
    }, EASY)
    await page.addScriptTag({ url: '/api.js', type: 'module' })
    const status = await page.evaluate(async () => {
      dispatchEvent(new Event('knows'))
      return (await document.querySelector('ptrm-solver')!.solve()).status
    })
    expect(status).toBe('verified')
    expect(page.workers()).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('is refused by name for a puzzle of another kind', async () => {
    await open('element.html')
    await page.waitForFunction(() => customElements.get('ptrm-solver') && globalThis.ptrm)
    const message = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      element.solver = globalThis.ptrm.createSolver({ model: 'tapa', workers: 1 })
      return element.solve().catch((error: Error) => error.message)
    })
    expect(message).toBe('a sudoku puzzle, but the model is for tapa; give the element another solver')
  })

  it('has workers by the page’s own policy where Trusted Types are required, which is said without it', async () => {
    const policy = `${STRICT_POLICY}; require-trusted-types-for 'script'; trusted-types lit-html ptrm-workers`
    const trusting = await serve(FOLDERS, { policy })
    await page.goto(`${trusting.origin}/element.html`)
    await page.waitForFunction(() => customElements.get('ptrm-solver') && globalThis.ptrm)
    const [refused, status] = await page.evaluate(async () => {
      const { browserAdapter, createSolver } = globalThis.ptrm
      const element = document.querySelector('ptrm-solver')!
      const refused = await element.solve().catch((error: Error) => error.message)
      const { trustedTypes } = globalThis as unknown as { trustedTypes: TrustedTypes }
      const own = trustedTypes.createPolicy('ptrm-workers', { createScriptURL: (url) => url })
      const script = own.createScriptURL('/ptrm/assets/browser-worker.js')
      const adapter = browserAdapter(() => new Worker(script, { type: 'module' }))
      element.solver = createSolver({ model: 'sudoku', adapter })
      return [refused, (await element.solve()).status]
    })
    expect(refused).toMatch(/Where it requires Trusted Types the page has to make the worker itself/)
    expect(status).toBe('verified')
    await trusting.close()
  })
})
