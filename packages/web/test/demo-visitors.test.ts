/** The demo page for those who play, touch, print, zoom, come back, or keep no storage, in a real Chromium. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledModel } from '@ptrm/orchestrator/browser'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'
import { EASY, FOLDER, goToDemo, QUICK, solveOn, WIDE } from './demo-page.ts'
import { serve } from './server.ts'

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}

describeInChromium('the demo page and its visitors, in Chromium', () => {
  const fixture = new BrowserFixture({ '/': FOLDER })
  let page: Page

  async function open(fragment: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await fixture.newPage({ ...WIDE, ...options })
    await goToDemo(page, fixture.server.origin + fragment)
  }

  const text = (id: string) => page.locator(`#${id}`).textContent()
  const solve = () => solveOn(page)

  /** Whether what is told stands still. */
  async function isStill(): Promise<boolean> {
    // One more picture may be on its way.
    await page.waitForTimeout(800)
    const told = await text('tally')
    await page.waitForTimeout(1500)
    return (await text('tally')) === told
  }

  const DEEDS: readonly (readonly [string, () => Promise<void>])[] = [
    ['presses a cell', () => page.getByRole('gridcell').nth(2).click()],
    ['types on the board', () => page.getByRole('gridcell').nth(2).press('4')],
    ['changes the plan', () => page.locator('#steps').fill('9')],
  ]

  it.each(DEEDS)('plays nothing to somebody who %s', async (_, deed) => {
    await open('')
    await expect.poll(() => text('tally')).toMatch(/^\d+ of 64 right/)
    await deed()
    expect(await isStill()).toBe(true)
    expect(await text('narrator')).toMatch(/The network is sure of/)
    expect(await page.locator('.tile[data-running]').count()).toBe(0)
  })

  it('plays nothing to somebody who began while the recording was still on its way', async () => {
    let load = () => {}
    const asked = new Promise<void>((resolve) => {
      load = resolve
    })
    page = await fixture.newPage({ serviceWorkers: 'block' })
    await page.route('**/recorded*.json', async (route) => {
      await asked
      await route.continue()
    })
    await page.goto(fixture.server.origin)
    await page.getByRole('gridcell').nth(2).press('4')
    load()
    await expect.poll(() => text('tally')).toBe('64 tries to run')
    expect(await isStill()).toBe(true)
    expect(await page.locator('#origin').isVisible()).toBe(false)
  })

  it('says of a run that was stopped what it came to', async () => {
    await open(`#p=${EASY}&k=256&d=64`)
    await page.getByRole('button', { name: 'Solve' }).click()
    await expect.poll(() => page.locator('.tile[data-running]').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => text('narrator')).toMatch(/The network is sure of/)
    await expect.poll(() => page.locator('.tile[data-running]').count()).toBe(0)
  })

  it('finds the weights of other kinds after a deploy with new ones, on the first visit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ptrm-demo-'))
    cpSync(FOLDER, folder, { recursive: true })
    const server = await serve({ '/': folder })
    page = await fixture.newPage()
    await page.goto(`${server.origin}/${QUICK}`)
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
    deployNewWeights(folder)
    await page.reload()
    await page.locator('#text').fill('https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2')
    await page.getByRole('button', { name: 'Solve' }).click()
    await expect.poll(() => text('status')).toMatch(/tries right/)
    await server.close()
    rmSync(folder, { recursive: true })
  })

  /** Another build, whose weights, and all scripts that lead to them, have other names. */
  function deployNewWeights(folder: string): void {
    const assets = join(folder, 'assets')
    const names = readdirSync(assets).filter((name) => /\.safetensors$|\.js$/.test(name))
    const texts = [
      join(folder, 'index.html'),
      ...names.filter((name) => name.endsWith('.js')).map((name) => join(assets, name)),
    ]
    const renamed = (name: string) => name.replace(/(\.\w+)$/, '-next$1')
    for (const path of texts) {
      const before = readFileSync(path, 'utf8')
      writeFileSync(
        path,
        names.reduce((all, name) => all.replaceAll(name, renamed(name)), before),
      )
    }
    for (const name of names) renameSync(join(assets, name), join(assets, renamed(name)))
  }

  it('prints in light colours, canvases too, whatever scheme is on the screen', async () => {
    await open(QUICK, { colorScheme: 'dark' })
    await solve()
    await page.getByRole('button', { name: 'Auto colours' }).click()
    await page.getByRole('button', { name: 'Light colours' }).click()
    const paper = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.tile canvas')!
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        return data.reduce((sum, value) => sum + value, 0) / data.length
      })
    const told = (event: string) =>
      page.evaluate((name) => {
        dispatchEvent(new Event(name))
        return getComputedStyle(document.documentElement).colorScheme
      }, event)
    const dark = await paper()
    expect(await told('beforeprint')).toBe('light')
    expect(await paper()).toBeGreaterThan(dark + 50)
    expect(await told('afterprint')).toBe('dark')
    expect(await paper()).toBeCloseTo(dark, 0)
    await page.emulateMedia({ media: 'print' })
    expect(await told('nothing')).toBe('light')
  })

  it('follows a try that a finger pointed at, and can be zoomed by two', async () => {
    await open(QUICK, PHONE)
    await solve()
    await page.locator('.tile').nth(2).tap()
    await expect.poll(() => text('noisy-title')).toMatch(/^Try \d/)
    expect(await text('hint')).toMatch(/^Try \d/)
    const actions = await page.locator('#wall').evaluate((wall) => getComputedStyle(wall).touchAction)
    expect(actions).toContain('pinch-zoom')
  })

  it('takes the same file of weights again', async () => {
    await open(QUICK)
    await page.locator('#weights').setInputFiles(fileURLToPath(bundledModel('sudoku')!.weights))
    await expect.poll(() => text('toast')).toMatch(/weights for sudoku/)
    expect(await page.locator('#weights').inputValue()).toBe('')
  })

  it('keeps the noise of a link to the last digit, and of a slider to two', async () => {
    await open(QUICK.replace('s=0.3', 's=0.123'))
    const sigma = page.locator('#sigma')
    expect(await sigma.inputValue()).toBe('0.123')
    await page.locator('#steps').fill('9')
    await expect.poll(() => page.url()).toContain('&d=9&s=0.123&')
    await sigma.press('ArrowRight')
    const moved = Number(await sigma.inputValue())
    expect(moved).toBeGreaterThan(0.123)
    expect(moved).toBe(Math.round(100 * moved) / 100)
    await sigma.press('ArrowRight')
    expect(Number(await sigma.inputValue())).toBeGreaterThan(moved)
  })

  it('changes colours where nothing can be stored', async () => {
    page = await fixture.newPage({ colorScheme: 'light' })
    const complaints = complaintsOf(page)
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', {
        get: () => {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    })
    await page.goto(fixture.server.origin + QUICK)
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Auto colours' }).click()
    await page.getByRole('button', { name: 'Light colours' }).click()
    expect(await ground()).not.toBe(light)
    expect(complaints).toEqual([])
  })

  it('hides nothing that has the focus behind Solve, on phones and zoomed in four times', async () => {
    for (const viewport of [PHONE.viewport!, { width: 320, height: 225 }]) {
      await open(QUICK, { viewport })
      const covered: unknown[] = []
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press('Tab')
        const hidden = await page.evaluate(() => {
          const focused = document.activeElement!
          const bar = document.querySelector('.go')!
          if (getComputedStyle(bar).position !== 'fixed' || bar.contains(focused)) return undefined
          const { bottom } = focused.getBoundingClientRect()
          return bottom > bar.getBoundingClientRect().top && focused.clientHeight < 300
            ? focused.id || focused.outerHTML
            : undefined
        })
        if (hidden) covered.push(hidden)
      }
      expect(covered).toEqual([])
    }
  })
})
