/** What the element says and how it stands on pages of other languages and on phones, in a real Chromium. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import { BrowserFixture, describeInChromium } from './chromium.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FOLDERS = { '/': folder('./pages/'), '/ptrm/': folder('../dist/standalone/') }

describeInChromium('<ptrm-solver> beside other languages and on phones', () => {
  const fixture = new BrowserFixture(FOLDERS)
  let page: Page
  beforeEach(async () => {
    page = await fixture.newPage({ viewport: { width: 390, height: 844 } })
    await page.goto(`${fixture.server.origin}/element.html`)
    await page.waitForFunction(() => customElements.get('ptrm-solver'))
  })

  const status = () => page.locator('ptrm-solver [part=status]').textContent()

  it('writes into the cell that is pressed where the page runs from the right', async () => {
    const board = await page.evaluate(() => {
      document.documentElement.dir = 'rtl'
      document.documentElement.lang = 'ar'
      const element = document.querySelector('ptrm-solver')!
      element.puzzle = '.'.repeat(81)
      const { x, y } = element.shadowRoot!.querySelector('.board')!.getBoundingClientRect()
      return { x, y }
    })
    await page.mouse.click(board.x + 15, board.y + 15)
    await page.keyboard.type('7')
    await expect.poll(() => page.getByRole('gridcell', { name: 'row 1, column 1: given 7' }).count()).toBe(1)
    const words = await page.locator('ptrm-solver [part=hint]').evaluate((hint) => {
      const { direction } = getComputedStyle(hint)
      return [direction, hint.closest('[lang]')?.getAttribute('lang')]
    })
    expect(words).toEqual(['ltr', 'en'])
  })

  it('says what it refuses whatever the last run came to, until there is something else to say', async () => {
    await page.evaluate(() => document.querySelector('ptrm-solver')!.solve())
    expect(await status()).toMatch(/^Solved by try/)
    await page.getByRole('gridcell').first().focus()
    await page.keyboard.type('x')
    await expect.poll(status).toMatch(/^‘x’ can’t be written here/)
    expect(await page.locator('ptrm-solver .spoken').textContent()).toBe(await status())
    await page.evaluate(() => document.querySelector('ptrm-solver')!.solve())
    await expect.poll(status).toMatch(/^Solved by try/)
  })

  it('says by what the answer was chosen that is shown', async () => {
    await page.evaluate(() =>
      document.querySelector('ptrm-solver')!.solve({ rollouts: 1, steps: 1, select: 'mode' }),
    )
    await expect.poll(status).toBe('None of 1 try is right; shown is what most tries say')
  })

  it('shows the board again, of the default kind, when what it was set to is taken away', async () => {
    await page.evaluate(() => {
      const element = document.querySelector('ptrm-solver')!
      element.setAttribute('kind', 'tapa')
      element.setAttribute('model', 'tapa')
      element.setAttribute('rollouts', '3')
    })
    const solved = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      for (const name of ['kind', 'model', 'rollouts']) element.removeAttribute(name)
      element.solver = null as never
      return (await element.solve()).plan.rollouts
    })
    expect(solved).toBe(64)
    expect(await page.getByRole('grid').getAttribute('aria-label')).toBe('sudoku board')
  })

  it('has keys that fingers hit, also of Heyawake’s one large room, and makes rooms by them', async () => {
    await page.evaluate(() => {
      const element = document.querySelector('ptrm-solver')!
      element.puzzle = ''
      element.kind = 'heyawake'
    })
    const keys = page.locator('ptrm-solver .keys button')
    await expect.poll(() => keys.count()).toBeGreaterThan(2)
    const widths = await keys.evaluateAll((all) => all.map((key) => key.getBoundingClientRect().width))
    for (const width of widths) expect(width).toBeGreaterThanOrEqual(24)
    await page.getByRole('gridcell').first().click()
    await page.getByRole('button', { name: 'a room of its own' }).click()
    await expect
      .poll(() => page.getByRole('gridcell').nth(1).getAttribute('aria-label'))
      .toBe('row 1, column 2: room b')
    await page.getByRole('gridcell').nth(1).click()
    await page.getByRole('button', { name: 'into room a' }).click()
    await expect
      .poll(() => page.getByRole('gridcell').nth(1).getAttribute('aria-label'))
      .toBe('row 1, column 2: room a')
  })
})
