/**
 * Pictures of the demo page to be looked at, into the folder that is named: its first twenty seconds on desks and phones,
 * light and dark; each kind; an error; on paper. `npm run demo:pictures FOLDER`, or `FOLDER NAME` for those whose names hold NAME.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kinds } from '@ptrm/puzzles'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launch } from '../chromium.ts'
import { serve } from '../server.ts'

const WIDE: BrowserContextOptions = { viewport: { width: 1280, height: 900 } }
const NARROW: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
}
/** Seconds after the page was asked for. */
const MOMENTS = [0, 3, 8, 20]

const [folder, only = ''] = process.argv.slice(2)
if (!folder) throw new Error('name the folder that the pictures go to')
mkdirSync(folder, { recursive: true })
const [browser, server] = await Promise.all([
  launch(),
  serve({ '/': fileURLToPath(new URL('../../demo/dist/', import.meta.url)) }),
])

async function shoot(
  name: string,
  options: BrowserContextOptions,
  take: (page: Page, save: (suffix: string, isWhole?: boolean) => Promise<unknown>) => Promise<unknown>,
  fragment = '',
): Promise<void> {
  if (!name.includes(only)) return
  const page = await browser.newPage(options)
  page.on('pageerror', (error) => console.log(`${name}: ${error}`))
  await page.goto(server.origin + fragment, { waitUntil: 'commit' })
  await take(page, (suffix, fullPage = false) =>
    page.screenshot({ path: join(folder!, `${name}${suffix}.png`), fullPage }),
  )
  await page.close()
  console.log(name)
}

for (const [shape, options] of Object.entries({ wide: WIDE, narrow: NARROW }))
  for (const colorScheme of ['light', 'dark'] as const)
    await shoot(`${shape}-${colorScheme}`, { ...options, colorScheme }, async (page, save) => {
      await page.waitForSelector('ptrm-solver[state]')
      const begun = performance.now()
      for (const moment of MOMENTS) {
        await page.waitForTimeout(Math.max(100, begun + 1000 * moment - performance.now()))
        await save(`-${String(moment).padStart(2, '0')}`)
      }
      await save('-whole', true)
    })

for (const { name, examples } of kinds.values())
  await shoot(
    `kind-${name}`,
    WIDE,
    async (page, save) => {
      await page.getByRole('button', { name: 'Solve' }).click()
      await page.waitForFunction(
        () => /try|tries/.test(document.querySelector('#status')!.textContent ?? ''),
        null,
        { timeout: 120_000 },
      )
      await page.waitForTimeout(1500)
      await save('', true)
    },
    `#p=${encodeURIComponent(examples[0].text)}&k=16`,
  )

await shoot('error', WIDE, (page, save) => page.waitForTimeout(800).then(() => save('')), '#p=12345&seed=abc')
await shoot('paper', WIDE, async (page, save) => {
  await page.waitForTimeout(20_000)
  await page.pdf({ path: join(folder!, 'paper.pdf'), format: 'A4' })
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 794, height: 1123 })
  await page.waitForTimeout(500)
  await save('', true)
})
await browser.close()
await server.close()
