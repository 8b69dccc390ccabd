/** What commands load: no engine for what runs none, and for `ptrm solve` nothing that only measuring and reports need. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AKARI, BIN, EASY, testFolder } from '../test/ptrm.ts'

const log = join(testFolder(), 'loaded')

/** The names of all modules that a command loads, in its worker threads too: also of those inside of bundled files. */
function loadedBy(...args: string[]): string {
  rmSync(log, { force: true })
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
  const urls = readFileSync(log, 'utf8').trim().split('\n')
  return [...urls, ...urls.filter((url) => url.includes('/cli/dist/')).flatMap(modulesIn)].join('\n')
}

/** As the bundler notes them. */
function modulesIn(url: string): string[] {
  return [...readFileSync(new URL(url), 'utf8').matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(([, name]) => name!)
}

it('ptrm solve loads no charts, no linear algebra and no evaluation', () => {
  const loaded = loadedBy('solve', EASY, '--quiet', '--workers', '1')
  expect(loaded).toMatch(/orchestrator\/dist\/pool\/.*worker/)
  expect(loaded).not.toMatch(/vega|d3-|ml-matrix|eval\/dist\/(evaluation|sweep|report|parity)\//)
})

it.each([['--version'], ['--help'], ['solve', '--help'], ['show', AKARI], ['models', '--json']])(
  'ptrm %s loads no engine and nothing that measures or reads checkpoints',
  (...args) => {
    const loaded = loadedBy(...args)
    expect(loaded).toMatch(/commander/)
    expect(loaded).not.toMatch(
      /orchestrator\/dist\/(solver|pool|engines\/\w+\/engine)|core-wasm\/dist\/kernel/,
    )
    expect(loaded).not.toMatch(
      /onnxruntime|checkpoints\/dist|eval\/dist\/(index|evaluation|sweep|report|parity)/,
    )
  },
)
