/** Where a Chromium for the tests is: the one that CHROMIUM names, an installed one, or Playwright's own. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of the program; undefined where there is none. A CHROMIUM that is not there is an error of whoever set it. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM']
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which is not there`)
    return named
  }
  return [...INSTALLED, chromium.executablePath()].find((path) => existsSync(path))
}
