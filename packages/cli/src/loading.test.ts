/** What `ptrm solve` loads: none of what only measuring and reports need. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const BIN = new URL('../bin/ptrm.js', import.meta.url).pathname
const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

/** The URLs of all modules that a command loads, in its worker threads too. */
function loadedBy(...args: string[]): string {
  const log = join(mkdtempSync(join(tmpdir(), 'ptrm-loading-')), 'loaded')
  const module = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`
  const hooks = module(`
    import { appendFileSync } from 'node:fs'
    export function load(url, context, next) {
      appendFileSync(${JSON.stringify(log)}, url + '\\n')
      return next(url, context)
    }`)
  const register = module(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
  const { status, stderr } = spawnSync(process.execPath, ['--import', register, BIN, ...args], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return readFileSync(log, 'utf8')
}

it('ptrm solve loads no charts, no linear algebra and no evaluation', () => {
  const loaded = loadedBy('solve', PUZZLE, '--quiet', '--workers', '1')
  expect(loaded).toMatch(/orchestrator\/dist\/pool\/.*worker/)
  expect(loaded).not.toMatch(/vega|d3-|ml-matrix|eval\/dist\/(evaluation|sweep|report|parity)\//)
})
