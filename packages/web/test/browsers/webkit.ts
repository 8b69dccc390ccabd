/** WebKitGTK, the nearest to Safari that Linux has, by its WebDriver. It wants a display, so it gets one of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { BrowserSpec, Key, OpenBrowser } from './browser.ts'
import { WebDriverSession } from './webdriver.ts'

const DRIVER = '/usr/bin/WebKitWebDriver'
const DISPLAY_SERVER = '/usr/bin/Xvfb'

/** As WebDriver writes keys. */
const KEYS: Readonly<Record<Key, string>> = {
  ArrowDown: '\uE015',
  ArrowRight: '\uE014',
  Backspace: '\uE003',
}

/** The small browser that comes with the engine; undefined where it is not installed. */
function findMiniBrowser(): string | undefined {
  const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  if (!existsSync(libraries)) return undefined
  const folders = readdirSync(libraries).filter((name) => name.startsWith('webkit2gtk-4.'))
  return folders.map((name) => join(libraries, name, 'MiniBrowser')).find((path) => existsSync(path))
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

/** A display that nobody sees, and its name. */
async function startDisplay(): Promise<[ChildProcess, string]> {
  const args = ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const display = spawn(DISPLAY_SERVER, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const [number] = await once(display.stdout as Readable, 'data')
  return [display, `:${String(number).trim()}`]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** The driver, once it answers, and its address. */
async function startDriver(env: NodeJS.ProcessEnv): Promise<[ChildProcess, string]> {
  const port = await freePort()
  const driver = spawn(DRIVER, [`--port=${port}`], { env, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  const deadline = performance.now() + 30_000
  while (driver.exitCode === null && performance.now() < deadline) {
    const answer = await fetch(`${url}/status`).catch(() => undefined)
    if (answer?.ok) return [driver, url]
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await end(driver)
  throw new Error(`${DRIVER} does not answer`)
}

async function open(): Promise<OpenBrowser> {
  const [display, DISPLAY] = await startDisplay()
  const closers: (() => Promise<void>)[] = [() => end(display)]
  const close = async () => {
    while (closers.length > 0) await closers.pop()!()
  }
  try {
    // A language as people have it: WebKit hands the locale `C` to pages, which is none.
    const [driver, url] = await startDriver({ ...process.env, DISPLAY, LANG: 'en_US.UTF-8', LC_ALL: '' })
    closers.push(() => end(driver))
    const browserOptions = { binary: findMiniBrowser(), args: ['--automation'] }
    const session = await WebDriverSession.open(url, { 'webkitgtk:browserOptions': browserOptions })
    closers.push(() => session.close())
    return {
      name: session.name.replace('MiniBrowser', 'WebKitGTK'),
      goto: (url) => session.goto(url),
      evaluate: (run, ...args) => session.evaluate(String(run), args),
      type: (text) => session.keys(text),
      press: (key) => session.keys([KEYS[key]]),
      click: (x, y) => session.click(x, y),
      // Its driver does not tell: pages/complaints.js does.
      complaints: () => session.evaluate('() => globalThis.complaints.splice(0)', []),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

export const webkit: BrowserSpec = {
  name: 'WebKitGTK',
  remedy: "Install Debian's webkit2gtk-driver and xvfb",
  isThere: () =>
    [DRIVER, DISPLAY_SERVER].every((path) => existsSync(path)) && findMiniBrowser() !== undefined,
  open,
}
