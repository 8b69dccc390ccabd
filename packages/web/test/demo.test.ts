/** The demo page in a real Chromium: solving, following, sharing, offline, colours, narrow screens. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { bundledModel } from '@ptrm/orchestrator/browser'
import { kindNamed, kinds } from '@ptrm/puzzles'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { preview } from 'vite'
import { expect, it } from 'vitest'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'
import { EASY, FOLDER, goToDemo, QUICK, solveOn, WIDE } from './demo-page.ts'
import { serve, type TestServer } from './server.ts'

const TAPA = kindNamed('tapa').examples[0].text
const HEYAWAKE = kindNamed('heyawake').examples[0].text
const HARD = kindNamed('sudoku').examples[0].text

/** The server of `npm run demo`, on a port of its own. */
async function startPreview(): Promise<TestServer> {
  const configFile = fileURLToPath(new URL('../vite.demo.config.ts', import.meta.url))
  const root = fileURLToPath(new URL('../demo/', import.meta.url))
  const server = await preview({
    configFile,
    root,
    logLevel: 'silent',
    preview: { port: 0, host: '127.0.0.1' },
  })
  return { origin: server.resolvedUrls!.local[0]!.replace(/\/$/, ''), close: () => server.close() }
}

describeInChromium('the demo page in Chromium', () => {
  const fixture = new BrowserFixture({ '/': FOLDER })
  let page: Page
  let complaints: string[]

  async function open(fragment: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await fixture.newPage({ ...WIDE, ...options })
    complaints = complaintsOf(page)
    await goToDemo(page, fixture.server.origin + fragment)
  }

  const text = (id: string) => page.locator(`#${id}`).textContent()
  const solve = () => solveOn(page)
  async function violations(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }

  it('runs every try to its end under a strict policy, and tells of each', async () => {
    await open(QUICK)
    await solve()
    expect(await text('status')).toMatch(/^Solved by try \d; \d of 8 tries right/)
    const right = /; (\d) of/.exec((await text('status'))!)![1]
    // Pictures, and the tally with them, come at most ten times a second.
    await expect.poll(() => text('tally')).toBe(`${right} of 8 right, 8 done`)
    await page.getByText('As a table').click()
    // The rows are made when the table opens, which the page hears of a moment after the click.
    const cells = page.locator('#rows td:nth-child(4)')
    await expect.poll(() => cells.count()).toBe(8)
    const q = (await cells.allTextContents()).map((cell) => Number(cell.replace('−', '-')))
    expect(q).toEqual(q.toSorted((a, b) => b - a))
    const best = await page.locator('#rows tr').first().locator('td').allTextContents()
    expect(best[4]).toBe('right')
    const verdicts = await page.locator('#rows td:last-child').allTextContents()
    expect(verdicts.filter((verdict) => verdict === 'right')).toHaveLength(Number(right))
    expect(await text('status')).toContain(`Solved by try ${best[0]};`)
    expect(complaints).toEqual([])
  })

  it('draws the wall, the chart and the scatter', async () => {
    await open(QUICK)
    const colours = () =>
      page.evaluate(() =>
        ['[data-number="1"] canvas', '#chart canvas', '#scatter'].map((selector) => {
          const canvas = document.querySelector<HTMLCanvasElement>(selector)!
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
          return new Set(new Uint32Array(data.buffer)).size
        }),
      )
    await page.waitForSelector('#chart canvas', { state: 'attached' })
    const before = await colours()
    await solve()
    for (const i of [1, 2])
      await expect.poll(async () => (await colours())[i]).toBeGreaterThan(before[i]! + 20)
    const stretched = await page.evaluate(() =>
      ['[data-number="1"] canvas', '#scatter'].map((selector) => {
        const canvas = document.querySelector<HTMLCanvasElement>(selector)!
        return canvas.width / canvas.clientWidth - canvas.height / canvas.clientHeight
      }),
    )
    for (const difference of stretched) expect(Math.abs(difference)).toBeLessThan(0.01)
    const after = await colours()
    for (const i of [0, 1, 2]) expect(after[i]).toBeGreaterThan(before[i]!)
  })

  it('follows a try by keyboard and by pointer', async () => {
    await open(QUICK)
    await solve()
    await page.locator('#wall').focus()
    await page.keyboard.press('ArrowRight')
    const first = await text('hint')
    expect(first).toMatch(/^Try \d: Right; confidence over 99\s% after 8 steps/)
    expect(await page.locator('#hint').getAttribute('aria-live')).toBe('polite')
    await page.keyboard.press('ArrowRight')
    const second = await text('hint')
    expect(second).toMatch(/^Try \d: /)
    expect(second).not.toBe(first)
    // The board beside is drawn with the page's next frame.
    await expect.poll(() => text('noisy-title')).toMatch(/^Try \d/)
    await page.keyboard.press('Escape')
    expect(await text('hint')).toMatch(/^Point at a board/)
    await page.locator('#wall').hover({ position: { x: 20, y: 20 } })
    expect(await text('hint')).toBe(first)
  })

  it('marks what the network chose and what is right by marks of their own', async () => {
    await open(`#p=${HARD}&k=3&d=2&seed=1`)
    await solve()
    expect(await text('status')).toMatch(/^None of 3 tries is right/)
    await expect.poll(() => page.locator('.tile[data-chosen]').count()).toBe(1)
    expect(await page.locator('.tile[data-right]').count()).toBe(0)
    await open(QUICK)
    await solve()
    const right = /; (\d) of/.exec((await text('status'))!)![1]
    await expect.poll(() => page.locator('.tile[data-right]').count()).toBe(Number(right))
  })

  it('leaves no board of the wall upon another, the try without noise first', async () => {
    await open(QUICK)
    await solve()
    await expect.poll(() => page.evaluate(() => document.getAnimations().length)).toBe(0)
    const tiles = await page.locator('.tile').evaluateAll((all) =>
      all.map((tile) => {
        const { left, top, right, bottom } = tile.getBoundingClientRect()
        return { number: (tile as HTMLElement).dataset['number'], left, top, right, bottom }
      }),
    )
    expect(tiles).toHaveLength(8)
    for (const one of tiles)
      for (const other of tiles) {
        const apart =
          one.right <= other.left ||
          other.right <= one.left ||
          one.bottom <= other.top ||
          other.bottom <= one.top
        expect(one === other || apart).toBe(true)
      }
    const first = tiles.toSorted((a, b) => a.top - b.top || a.left - b.left)[0]!
    expect(first.number).toBe('0')
  })

  it('shows large boards on a wall that grows with them', async () => {
    const row = Array(24).fill('.').join(' ')
    await open(`#p=${encodeURIComponent(['tapa', ...Array(24).fill(row)].join('\n'))}&k=16&d=2`)
    await expect.poll(() => page.locator('.tile').count()).toBe(16)
    const { width } = (await page.locator('.tile').first().boundingBox())!
    expect(width).toBeGreaterThanOrEqual(24 * 2.5)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280)
  })

  it('sketches what its charts will show, until they show it', async () => {
    await open(QUICK)
    const sketches = page.locator('.sketch:visible')
    await expect.poll(() => sketches.count()).toBe(2)
    await solve()
    await expect.poll(() => sketches.count()).toBe(0)
  })

  it('tells its story without a click, by a recorded run, until the visitor does something', async () => {
    await open('')
    const narrator = () => text('narrator')
    await expect.poll(narrator).toMatch(/^Alone, without noise: stuck, \d+ cells break a rule\./)
    await expect.poll(narrator).toMatch(/escape/)
    expect(await text('origin')).toBe('Recorded run')
    await page.locator('#text').fill(TAPA)
    await expect.poll(narrator).toMatch(/press Solve/)
    expect(await page.locator('#origin').isVisible()).toBe(false)
    expect(await text('rules')).toMatch(/2x2/)
    expect(complaints).toEqual([])
  })

  it('plays nothing against what somebody types, also while that can’t be read', async () => {
    await open('')
    await expect.poll(() => text('tally')).toMatch(/^\d+ of 64 right/)
    await page.locator('#text').fill('rubbish')
    await page.waitForTimeout(700)
    const told = await text('tally')
    await page.waitForTimeout(1500)
    expect(await text('tally')).toBe(told)
    expect(await text('status')).toMatch(/^Not what you typed/)
  })

  it('goes on live, on the visitor’s machine, once the recorded run has ended', async () => {
    await open('')
    await page.waitForFunction(() => document.querySelector('#tally')!.textContent!.endsWith(', 64 done'))
    expect(await text('narrator')).toMatch(/^Alone.*The network is sure of \d+; all \d+ are right\.$/)
    await expect.poll(() => text('origin')).toBe('Live, on your machine')
    await expect.poll(() => text('tally')).toMatch(/^\d+ of 64 right, [1-9]/)
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => text('status')).toBe('Stopped')
    expect(complaints).toEqual([])
  })

  it('tells the same in stills where motion is unwanted, and runs nothing by itself', async () => {
    await open('', { reducedMotion: 'reduce' })
    const narrator = () => text('narrator')
    const told = new Set<string>()
    while (!/sure of/.test((await narrator())!)) {
      told.add((await narrator())!)
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
      await page.waitForTimeout(100)
    }
    expect([...told].join()).toMatch(/press Solve.*stuck, \d+ cells break a rule\. .*tries escape/)
    expect(told.size).toBeLessThan(5)
    await page.waitForTimeout(5000)
    expect(await text('origin')).toBe('Recorded run')
  })

  it('is for playing, and for changing clues where there are none or one wants to', async () => {
    await open(QUICK)
    const mode = () => page.locator('[name=mode]:checked').inputValue()
    const link = page.url()
    await page.getByRole('gridcell').nth(2).click()
    await page.keyboard.type('4')
    await expect.poll(() => page.getByRole('gridcell', { name: /answer 4/ }).count()).toBe(1)
    expect(page.url()).toBe(link)
    await page.getByRole('radio', { name: 'Change clues' }).check()
    await page.getByRole('gridcell').nth(2).click()
    await page.keyboard.type('8')
    await expect.poll(() => page.url()).not.toBe(link)
    await page.getByRole('radio', { name: 'Play' }).check()
    await page.locator('#text').fill('')
    await expect.poll(mode).toBe('clues')
    expect(complaints).toEqual([])
  })

  it('goes back to the puzzle before', async () => {
    await open(QUICK)
    await page.locator('#text').fill(TAPA)
    const label = () => page.getByRole('grid').getAttribute('aria-label')
    await expect.poll(label).toBe('tapa board')
    await page.goBack()
    await expect.poll(label).toBe('sudoku board')
    await page.goForward()
    await expect.poll(label).toBe('tapa board')
  })

  it('shows the puzzle of the link as soon as the history moves, and writes nothing into it then', async () => {
    await open(QUICK)
    await page.locator('#text').fill(TAPA)
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toBe('tapa board')
    // The model's own noise: by then what it recommends is in the link.
    await expect.poll(() => page.locator('#sigma').inputValue()).toBe('0.8')
    const { label, writes } = await page.evaluate(
      () =>
        new Promise<{ label: string | null; writes: number }>((resolve) => {
          let writes = 0
          for (const way of ['pushState', 'replaceState'] as const) {
            const write = history[way]
            history[way] = (...entry) => {
              writes++
              write.apply(history, entry)
            }
          }
          addEventListener('popstate', () => {
            const board = document.querySelector('ptrm-solver')!.shadowRoot!.querySelector('[role=grid]')!
            const label = board.ariaLabel
            // By then the model has told its plan.
            setTimeout(() => resolve({ label, writes }), 1000)
          })
          history.back()
        }),
    )
    expect(label).toBe('sudoku board')
    expect(writes).toBe(0)
    expect(page.url()).toContain('sudoku')
  })

  it('ends at once what waits for its model, and runs nothing on the puzzle that came meanwhile', async () => {
    let load = () => {}
    const asked = new Promise<void>((resolve) => {
      load = resolve
    })
    page = await fixture.newPage({ serviceWorkers: 'block' })
    await page.route('**/*.safetensors', async (route) => {
      await asked
      await route.continue()
    })
    await page.goto(fixture.server.origin + QUICK)
    const status = () => text('status')
    await page.getByRole('button', { name: 'Solve' }).click()
    await expect.poll(status).toBe('Loading the model')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(status).toBe('Stopped')
    await page.getByRole('button', { name: 'Solve' }).click()
    await page.locator('#text').fill(TAPA)
    load()
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toBe('tapa board')
    await page.waitForTimeout(500)
    expect(await status()).toBe('')
    expect(await text('tally')).toBe('8 tries to run')
    expect(await page.getByRole('button', { name: 'Solve' }).isEnabled()).toBe(true)
  })

  it('goes on with a run whose puzzle is written in another way, and counts all of it', async () => {
    await open(`#p=${EASY}&k=64&d=32&s=0.3&seed=1`)
    await page.getByRole('button', { name: 'Solve' }).click()
    await expect.poll(() => text('tally')).toMatch(/, [1-9]\d* done/)
    await page.locator('#text').fill(`${EASY}\n`)
    await expect.poll(() => text('status')).toMatch(/of 64 tries right/)
    const right = / (\d+) of 64/.exec((await text('status'))!)![1]
    await expect.poll(() => text('tally')).toBe(`${right} of 64 right, 64 done`)
  })

  it('takes weights of one’s own for their kind, and its own for the others', async () => {
    await open(QUICK)
    const weights = fileURLToPath(bundledModel('sudoku')!.weights)
    await page.locator('#weights').setInputFiles(weights)
    await expect.poll(() => page.locator('body').textContent()).toMatch(/weights for sudoku/)
    await solve()
    expect(await text('status')).toMatch(/^Solved by try/)
    await page.locator('#text').fill(TAPA)
    await page.getByRole('button', { name: 'Solve' }).click()
    await expect.poll(() => text('status')).toMatch(/^Solved by try/)
  })

  it('writes a slider into the link when it comes to rest, and any number of tries that a link says', async () => {
    await open(`#p=${EASY}&k=125&d=8&s=0.3&seed=1`)
    await expect.poll(() => page.url()).toContain('&k=125&')
    const writes = await page.evaluate(async () => {
      let writes = 0
      const write = history.replaceState
      history.replaceState = (...entry) => {
        writes++
        write.apply(history, entry)
      }
      const slider = document.querySelector<HTMLInputElement>('#rollouts')!
      for (let place = 0; place <= 8; place += 0.05) {
        slider.value = String(place)
        slider.dispatchEvent(new Event('input', { bubbles: true }))
      }
      await new Promise((resolve) => setTimeout(resolve, 600))
      return writes
    })
    expect(writes).toBe(1)
    expect(page.url()).toContain('&k=256&')
  })

  it('prints boards in their shape, without controls', async () => {
    await open(QUICK)
    await solve()
    await page.setViewportSize({ width: 700, height: 900 })
    await page.emulateMedia({ media: 'print' })
    const ratio = await page.evaluate(() => {
      const { width, height, clientWidth, clientHeight } =
        document.querySelector<HTMLCanvasElement>('.tile canvas')!
      return width / height / (clientWidth / clientHeight)
    })
    expect(ratio).toBeCloseTo(1, 1)
    for (const control of ['#sliders', '#solve', '#text', '#share', 'ptrm-solver [part=pad]'])
      expect(await page.locator(control).isVisible()).toBe(false)
  })

  it('says in words what its pictures show', async () => {
    await open(QUICK)
    await solve()
    await expect
      .poll(() => page.locator('#noisy').getAttribute('aria-label'))
      .toMatch(/^Sudoku, try \d: Right; confidence over 99\s% after 8 steps$/)
    const words = await page.evaluate(() =>
      [...document.querySelectorAll('[aria-label]')].map(({ ariaLabel }) => ariaLabel).join(),
    )
    expect(words + (await page.locator('body').textContent())).not.toMatch(/rollout|\b1 cells/i)
  })

  it('stops in the middle', async () => {
    await open(`#p=${EASY}&k=256&d=64`)
    await page.getByRole('button', { name: 'Solve' }).click()
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>('#status')!.dataset['state'] === 'solving',
    )
    await page.getByRole('button', { name: 'Stop' }).click()
    // Workers hear of it at their next step.
    await expect.poll(() => text('status')).toBe('Stopped')
    await expect.poll(() => page.getByRole('button', { name: 'Solve' }).count()).toBe(1)
  })

  it('holds puzzle and plan in its link', async () => {
    await open(`#p=${EASY}&k=24&d=24&s=0.45&seed=77&to=zH&stop=1`)
    const plan = () =>
      page.evaluate(() =>
        ['output', '#steps', '#sigma', '#seed', '[name=target]:checked'].map(
          (selector) => document.querySelector<HTMLInputElement>(selector)!.value,
        ),
      )
    expect(await plan()).toEqual(['24', '24', '0.45', '77', 'zH'])
    await page.locator('#steps').fill('12')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await expect.poll(() => page.url()).toContain('&d=12&')
    const link = page.url()
    await page.goto('about:blank')
    await page.goto(link)
    expect(await plan()).toEqual(['24', '12', '0.45', '77', 'zH'])
    const given = page.getByRole('gridcell', { name: /given/ })
    await expect.poll(() => given.count()).toBe(EASY.replaceAll('.', '').length)
  })

  it('begins each kind with the noise that its model wants, unless the link says another', async () => {
    const sigma = () => page.locator('#sigma').inputValue()
    await open('')
    await expect.poll(sigma).toBe('0.3')
    await page.locator('#text').fill(HEYAWAKE)
    await expect.poll(sigma).toBe('1.2')
    await page.locator('#sigma').fill('0.9')
    await page.locator('#text').fill(HEYAWAKE.replace('pg681h', 'pg682h'))
    // The browser tells of the page's own writing into the history a moment later.
    await expect.poll(() => page.url()).toMatch(/pg682h.*&s=0\.9&/)
    await page.goto(page.url())
    expect(await sigma()).toBe('0.9')
  })

  it.each([...kinds.values()])('shows a puzzle of $name, from text or URL', async ({ name, examples }) => {
    await open('')
    await page.locator('#text').fill(examples[0].text)
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toBe(`${name} board`)
    const hasModel = await page.getByRole('button', { name: 'Solve' }).isEnabled()
    // The page opens with a board of one of these kinds, whose words stand there until the text is read.
    await expect.poll(() => text('status')).toMatch(hasModel ? /^$/ : new RegExp(`No weights for ${name}`))
    expect(complaints).toEqual([])
  })

  it('says where a text is wrong, and goes through a file of many', async () => {
    await open('')
    await page.locator('#text').fill('52..x')
    await expect.poll(() => text('text-fault')).toMatch(/:1:\d/)
    const buffer = Buffer.from(`${EASY}\n${TAPA}\n`)
    await page.locator('#file').setInputFiles({ name: 'two.txt', mimeType: 'text/plain', buffer })
    await expect.poll(() => text('which')).toBe('1 of 2')
    await page.getByRole('button', { name: 'Next puzzle' }).click()
    expect(await page.getByRole('grid').getAttribute('aria-label')).toBe('tapa board')
  })

  it('solves nothing but what was typed: what can’t be read is said for as long as it stands there', async () => {
    await open(QUICK)
    const solveButton = page.getByRole('button', { name: 'Solve' })
    for (const bad of ['1'.repeat(83), 'https://puzz.link/p?sudoku/6/6/a1b2']) {
      await page.locator('#text').fill(bad)
      await expect.poll(() => text('text-fault')).not.toBe('')
      expect(await solveButton.isDisabled()).toBe(true)
      expect(await page.locator('#example').inputValue()).toBe('')
      expect(await page.locator('#solver').getAttribute('class')).toBe('stale')
    }
    await page.locator('#text').fill(EASY)
    await expect.poll(() => solveButton.isEnabled()).toBe(true)
    expect(await text('text-fault')).toBe('')
    await page.locator('#seed').fill('abc')
    expect(await solveButton.isDisabled()).toBe(true)
    expect(await text('seed-fault')).toMatch(/whole number/)
    await page.locator('#seed').fill('5')
    expect(await solveButton.isEnabled()).toBe(true)
    expect(await text('status')).toBe('')
    await page.locator('#text').fill('')
    expect(await page.getByRole('gridcell', { name: /given/ }).count()).toBe(0)
  })

  it('says what is wrong with a link, and solves nothing in its place', async () => {
    await open('#p=12345&k=8')
    await expect.poll(() => text('text-fault')).toMatch(/:1:\d/)
    expect(await page.getByRole('button', { name: 'Solve' }).isDisabled()).toBe(true)
    expect(page.url()).toContain('#p=12345&k=8')
    await open(`#p=${EASY}&k=1e9&seed=abc`)
    await expect.poll(() => text('link-fault')).toMatch(/k=1e9 .* seed=abc /)
    expect(await page.getByRole('button', { name: 'Solve' }).isEnabled()).toBe(true)
  })

  const SERVERS: readonly (readonly [string, () => Promise<TestServer>])[] = [
    ['a plain server', () => serve({ '/': FOLDER })],
    ['a server whose answers vary', () => serve({ '/': FOLDER }, { headers: { vary: 'Origin' } })],
    ['vite preview, as `npm run demo` has it', startPreview],
  ]

  it.each(SERVERS)('works offline after the first visit to %s', async (_, start) => {
    const shortLived = await start()
    page = await fixture.newPage()
    await page.goto(`${shortLived.origin}/${QUICK}`)
    await controlled()
    await shortLived.close()
    await page.reload()
    await solve()
    expect(await text('status')).toMatch(/^Solved by try/)
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0)
  })

  it('keeps what it opens with for offline use first, weights of other kinds when they are used', async () => {
    await open(QUICK)
    await controlled()
    const weights = () =>
      page.evaluate(async () => {
        const cache = await caches.open((await caches.keys())[0]!)
        return (await cache.keys()).filter(({ url }) => url.endsWith('.safetensors')).length
      })
    await expect.poll(weights).toBe(1)
    await page.locator('#text').fill(TAPA)
    await expect.poll(weights).toBe(2)
  })

  it('keeps its files while it is open, also when another build has come', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ptrm-demo-'))
    cpSync(FOLDER, folder, { recursive: true })
    const server = await serve({ '/': folder })
    page = await fixture.newPage()
    await page.goto(`${server.origin}/${QUICK}`)
    await controlled()
    const kept = () => page.evaluate(async () => (await caches.keys()).length)
    expect(await kept()).toBe(1)
    const worker = readFileSync(join(folder, 'sw.js'), 'utf8')
    writeFileSync(join(folder, 'sw.js'), worker.replace(/'ptrm-\w+'/, "'ptrm-next'"))
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await expect.poll(kept).toBe(2)
    await page.waitForFunction(
      async () => (await navigator.serviceWorker.ready).waiting?.state === 'installed',
    )
    expect(await kept()).toBe(2)
    // With the last page of the old build its files go.
    const afterReturning = async () => {
      await page.close()
      page = await page.context().newPage()
      await page.goto(`${server.origin}/${QUICK}`)
      return page.evaluate(async () => (await caches.keys()).join())
    }
    await expect.poll(afterReturning, { interval: 500 }).toBe('ptrm-next')
    await server.close()
    rmSync(folder, { recursive: true })
  })

  /** Resolves when the page's requests go by the service worker. */
  async function controlled(): Promise<void> {
    await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  }

  it.each(['light', 'dark'] as const)('has no accessibility violations in %s', async (colorScheme) => {
    await open(QUICK, { colorScheme })
    await solve()
    await page.getByText('As a table').click()
    expect(await violations()).toEqual([])
  })

  it('fits a phone, with targets that fingers hit', async () => {
    await open(QUICK, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    await solve()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    for (const target of await page.locator('button:visible, .file:visible, select').all())
      expect((await target.boundingBox())!.height).toBeGreaterThanOrEqual(40)
    expect(await violations()).toEqual([])
  })

  it('tells its story on a phone first, with 16 tries, and Solve in reach wherever the page is', async () => {
    await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    await expect.poll(() => text('tally')).toMatch(/of 16 right/)
    const top = async (selector: string) => (await page.locator(selector).boundingBox())!.y
    expect(await top('#wall')).toBeLessThan(600)
    expect(await top('#wall')).toBeLessThan(await top('#solver'))
    expect(await top('#solver')).toBeLessThan(await top('#settings'))
    for (const place of [0, 1500]) {
      await page.evaluate((y) => scrollTo(0, y), place)
      const { y, height } = (await page.getByRole('button', { name: 'Solve' }).boundingBox())!
      expect(y).toBeGreaterThan(600)
      expect(y + height).toBeLessThanOrEqual(844)
    }
  })

  it('keeps the scheme that was chosen, and moves nothing where motion is unwanted', async () => {
    await open(QUICK, { colorScheme: 'light', reducedMotion: 'reduce' })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Auto colours' }).click()
    await page.getByRole('button', { name: 'Light colours' }).click()
    expect(await ground()).not.toBe(light)
    await page.reload()
    expect(await ground()).not.toBe(light)
    const moving = () => page.evaluate(() => document.getAnimations().length)
    await solve()
    expect(await moving()).toBe(0)
  })
})
