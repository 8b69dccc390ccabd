/** A folder's page in Chromium. */
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { complaintsOf } from '../../packages/web/test/chromium.ts'
import { type ServeOptions, serve } from '../../packages/web/test/server.ts'

/** Opens it, and ends with what it complained of. */
export async function visit(
  browser: Browser,
  folder: string,
  look: (page: Page) => Promise<void>,
  options: ServeOptions = {},
): Promise<string[]> {
  const server = await serve({ '/': folder }, options)
  const page = await browser.newPage()
  const complaints = complaintsOf(page)
  try {
    await page.goto(server.origin)
    await look(page)
  } finally {
    await page.close()
    await server.close()
  }
  return complaints
}

/** Presses the element's button, and expects it to solve its puzzle. */
export async function solveByButton(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Solve' }).click()
  await page.waitForSelector('ptrm-solver[state=solved], ptrm-solver[state=error]')
  expect(await page.locator('ptrm-solver [part=status]').textContent()).toMatch(/^Solved by try/)
}
