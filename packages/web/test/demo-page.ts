/** What the suites of the demo page share: where it is built, the puzzle they ask for, and a visitor's first steps. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

/** What `npm run build` makes of the demo. */
export const FOLDER: string = fileURLToPath(new URL('../demo/dist/', import.meta.url))
export const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
/** The fragment of a quick run. */
export const QUICK: string = `#p=${EASY}&k=8&d=8&s=0.3&seed=1`
export const WIDE = { viewport: { width: 1280, height: 900 } }

/** Goes to the page and opens its settings, where most suites look. */
export async function goToDemo(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForSelector('ptrm-solver')
  await page.evaluate(() => {
    document.querySelector<HTMLDetailsElement>('#settings')!.open = true
  })
}

/** Presses Solve and waits for the run's end. */
export async function solveOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Solve' }).click()
  await page.waitForFunction(() => document.querySelector('#status')!.textContent?.match(/try|tries/))
}
