/** What runs hold of the workers and models that elements share, and when they let go, in a real Chromium. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FOLDERS = {
  '/': folder('./pages/'),
  '/ptrm/': folder('../dist/standalone/'),
  '/moved/': folder('../dist/standalone/assets/'),
}
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

describeInChromium('runs of <ptrm-solver> in Chromium', () => {
  const fixture = new BrowserFixture(FOLDERS)
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    page = await fixture.newPage()
    complaints = complaintsOf(page)
    await page.goto(`${fixture.server.origin}/element.html`)
    await page.waitForFunction(() => customElements.get('ptrm-solver') && globalThis.ptrm)
  })

  it('end their workers with themselves where the element is in no page', async () => {
    const status = await page.evaluate(async (puzzle) => {
      const element = document.createElement('ptrm-solver')
      element.puzzle = puzzle
      await element.load()
      return (await element.solve()).status
    }, EASY)
    expect(status).toBe('verified')
    await expect.poll(() => page.workers().length).toBe(0)
    const late = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      element.remove()
      await new Promise((resolve) => setTimeout(resolve))
      return (await element.solve()).status
    })
    expect(late).toBe('verified')
    await expect.poll(() => page.workers().length).toBe(0)
    expect(complaints).toEqual([])
  })

  it('leave the workers to the next, once the element is in its page', async () => {
    await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      await element.load()
      await element.solve()
    })
    await page.waitForTimeout(200)
    expect(page.workers().length).toBeGreaterThan(0)
  })

  it('end as they would where another model is asked for meanwhile', async () => {
    const [state, status] = await page.evaluate(async (puzzle) => {
      const element = document.querySelector('ptrm-solver')!
      element.puzzle = puzzle
      const running = element.solve({ rollouts: 64, steps: 16, stop: 'all' })
      await new Promise((resolve) => element.addEventListener('ptrm-step', resolve, { once: true }))
      element.modelUrl = '/moved/sudoku-2.safetensors'
      element.workers = 1
      await element.load()
      const { state } = element
      return [state, (await running).status]
    }, EASY)
    expect(['solving', 'solved']).toContain(state)
    expect(status).toBe('verified')
    // Nobody has asked the other model's worker for anything yet.
    await expect.poll(() => page.workers().length).toBe(0)
    expect(complaints).toEqual([])
  })

  it('reject with what a listener rejects with', async () => {
    const message = await page.evaluate(() =>
      document
        .querySelector('ptrm-solver')!
        .solve({ onEvent: () => Promise.reject(new Error('no room left')) })
        .catch((error: Error) => error.message),
    )
    expect(message).toBe('no room left')
  })
})
