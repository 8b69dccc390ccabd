/** Firefox as Mozilla and Debian ship it, by WebDriver BiDi. (Playwright 1.65 wants commands that Firefox 153 has not.) */
import { existsSync } from 'node:fs'
import { type ConsoleMessage, launch } from 'puppeteer-core'
import type { BrowserSpec, OpenBrowser } from './browser.ts'

const INSTALLED = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]

/** Path of the program; undefined where there is none. */
function findFirefox(): string | undefined {
  const named = process.env['FIREFOX']
  if (named && !existsSync(named)) throw new Error(`FIREFOX names ${named}, which is not there`)
  return named || INSTALLED.find((path) => existsSync(path))
}

async function open(): Promise<OpenBrowser> {
  const browser = await launch({ browser: 'firefox', executablePath: findFirefox()!, headless: true })
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text())
  })
  return {
    name: (await browser.version()).replace('/', ' '),
    goto: async (url) => void (await page.goto(url)),
    evaluate: (run, ...args) => page.evaluate(run as never, ...args),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    click: (x, y) => page.mouse.click(x, y),
    complaints: async () => complaints.splice(0),
    close: () => browser.close(),
  }
}

export const firefox: BrowserSpec = {
  name: 'Firefox',
  remedy: 'Install it or set FIREFOX to its path',
  isThere: () => findFirefox() !== undefined,
  open,
}
