/** Settings from flags, environment and file: one table, one order, one kind of error. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { environmentName, readSettings, SETTINGS, SettingsError } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string): string {
  const path = join(folder, 'settings.yaml')
  writeFileSync(path, text)
  return path
}

describe('settings', () => {
  it('are what they are by default', () => {
    const settings = readSettings()
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      cors: [],
      maxDeadline: 60_000,
      maxBody: 262_144,
    })
    expect(Object.keys(settings)).toEqual(SETTINGS.map(({ field }) => field))
  })

  it('have defaults that their own texts name, and that they would take', () => {
    for (const { name, description, fallback, parse } of SETTINGS) {
      const [, told] = /\(default: ([^)\s,]+)\)$/.exec(description) ?? []
      if (typeof fallback === 'number' || typeof fallback === 'string')
        expect(parse.read(told ?? ''), name).toBe(fallback)
    }
  })

  it('come from flags, then the environment, then the file', () => {
    const path = file('port: 1\nhost: "::1"\nmax-queue: 5\ncors: [https://a.example, https://b.example]\n')
    const env = { PTRM_CONFIG: path, PTRM_PORT: '2', PTRM_HOST: '' }
    expect(readSettings({ env, flags: { port: '3' } }).port).toBe(3)
    expect(readSettings({ env })).toMatchObject({
      ...{ port: 2, host: '::1', maxQueue: 5 },
      cors: ['https://a.example', 'https://b.example'],
    })
    expect(readSettings({ file: path }).port).toBe(1)
    expect(readSettings({ file: file('{"port": 7, "drain": "2m"}') })).toMatchObject({
      port: 7,
      drain: 120_000,
    })
    expect(readSettings({ file: file('') }).port).toBe(8080)
  })

  it.each([
    [{ flags: { port: '65536' } }, "--port: found '65536', wanted a whole number from 0 to 65535"],
    [{ flags: { maxBody: '12' } }, "--max-body: found '12', wanted a size such as 4096, 256k or 2m"],
    [{ flags: { drain: '25h' } }, "--drain: found '25h', wanted a time such as 500ms"],
    [{ flags: { drain: '0' } }, "--drain: found '0', wanted a time"],
    [{ flags: { workers: '0' } }, '--workers: found '],
    [{ flags: { backend: 'gpu' } }, "--backend: found 'gpu', wanted one of auto, wasm"],
    [
      { flags: { cors: 'https://a.example,,b' } },
      "--cors: found 'https://a.example,,b', wanted origins such as",
    ],
    [{ flags: { cors: 'https://a.example/' } }, "--cors: found 'https://a.example/', wanted origins such as"],
    [
      { flags: { cors: '*,https://a.example' } },
      "--cors: found '*,https://a.example', wanted origins such as",
    ],
    [{ env: { PTRM_MAX_QUEUE: '-1' } }, "PTRM_MAX_QUEUE: found '-1'"],
    [{ file: join(folder, 'none') }, `can't read the settings ${join(folder, 'none')}`],
  ])('that are wrong are named: %j', (sources, message) => {
    expect(() => readSettings(sources)).toThrow(SettingsError)
    expect(() => readSettings(sources)).toThrow(message)
  })

  it.each([
    ['port: 1\nprot: 2\n', ":2: no setting 'prot'; there are host, port,"],
    ['port: x\n', ":1: port: found 'x', wanted a whole number"],
    ['port: {a: 1}\n', ':1: port: wanted one value'],
    ['- 1\n', ':1: wanted a name and a value a line'],
    ['port: 1\nport: 2\n', ':2: Map keys must be unique'],
    ['port: "1\n', ':2: '],
  ])('of a file are named by their line: %j', (text, message) => {
    expect(() => readSettings({ file: file(text) })).toThrow(message)
  })

  it('are spelled alike everywhere', () => {
    expect(SETTINGS.map(environmentName)).toContain('PTRM_MAX_ROLLOUTS')
    for (const { name } of SETTINGS) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })
})
