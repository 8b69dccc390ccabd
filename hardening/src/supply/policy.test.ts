/** What is let through, and what is not. */
import { describe, expect, it } from 'vitest'
import {
  type Installed,
  licenceFaults,
  lockFaults,
  readAudit,
  scriptFaults,
  shippedScriptFaults,
} from './policy.ts'

const one = (license: string, name = 'x', hasInstallScript = false): Installed => ({
  ...{ name, version: '1.0.0', license, hasInstallScript },
})

describe('a licence', () => {
  it.each(['MIT', 'ISC', 'Apache-2.0', '(MIT OR CC0-1.0)', 'GPL-3.0 OR MIT', 'MIT AND BSD-3-Clause'])(
    '%s is free',
    (name) => {
      expect(licenceFaults([one(name)], true)).toEqual([])
    },
  )

  it.each([
    ...[
      'GPL-3.0',
      'AGPL-3.0-only',
      'Unknown',
      'UNLICENSED',
      '',
      'MPL-2.0',
      'MIT AND GPL-2.0',
      'GPL-2.0 OR AGPL-3.0',
    ],
    ...['SEE LICENSE IN LICENSE.md', '(MIT AND (GPL-2.0 OR ISC))', 'MIT*', 'mit'],
  ])('%j is not', (name) => {
    expect(licenceFaults([one('MIT'), one(name, 'bad')], false)).toEqual([
      `bad@1.0.0 has the licence ${name}`,
    ])
  })

  it('of a tool is a tool’s, and is not shipped', () => {
    for (const name of ['lightningcss', 'lightningcss-linux-x64-gnu']) {
      expect(licenceFaults([one('MPL-2.0', name)], false)).toEqual([])
      expect(licenceFaults([one('MPL-2.0', name)], true)).toHaveLength(1)
      expect(licenceFaults([one('GPL-3.0', name)], false)).toHaveLength(1)
    }
    expect(licenceFaults([one('MPL-2.0', 'lightningcss-evil')], false)).toHaveLength(1)
  })
})

describe('install scripts', () => {
  const settings = {
    onlyBuiltDependencies: ['node'],
    ignoredBuiltDependencies: ['esbuild'],
    strictDepBuilds: true,
  }
  const known = [one('MIT', 'node', true), one('MIT', 'esbuild', true), one('MIT')]

  it('are those that are known', () => {
    expect(scriptFaults(known, settings)).toEqual([])
    expect(scriptFaults([...known, one('MIT', 'new', true)], settings)).toEqual([
      'new has an install script that is new',
    ])
    expect(scriptFaults([known[0]!], settings)).toEqual([
      expect.stringContaining('esbuild has no install script'),
    ])
  })

  it('are run of one package alone', () => {
    for (const only of [[], ['esbuild'], ['node', 'esbuild']])
      expect(scriptFaults(known, { ...settings, onlyBuiltDependencies: only })).toHaveLength(1)
    expect(scriptFaults(known, { ...settings, strictDepBuilds: false })).toEqual([
      'strictDepBuilds is not true',
    ])
    expect(scriptFaults(known, {})).toHaveLength(3)
  })
})

it('no package that is shipped has an install script', () => {
  expect(shippedScriptFaults([one('MIT'), one('MIT', 'bad', true)])).toEqual([
    'bad@1.0.0 has an install script, and is shipped',
  ])
})

describe('the lock file', () => {
  const integrity = `sha512-${'a'.repeat(86)}==`

  it('holds every package by a hash', () => {
    expect(lockFaults({ packages: { 'a@1.0.0': { resolution: { integrity } } } })).toEqual([])
  })

  it.each<[string, Record<string, unknown> | undefined]>([
    ['no resolution', undefined],
    ['no hash', {}],
    ['a weak hash', { integrity: 'sha1-abc' }],
    ['a tarball', { integrity, tarball: 'https://example.com/a.tgz' }],
    ['a commit', { type: 'git', repo: 'https://example.com/a.git', commit: 'abc' }],
  ])('is refused with %s', (_, resolution) => {
    const bad = resolution === undefined ? {} : { resolution }
    expect(lockFaults({ packages: { 'a@1.0.0': { resolution: { integrity } }, 'bad@1.0.0': bad } })).toEqual([
      expect.stringMatching(/^bad@1.0.0 has /),
    ])
  })

  it('is refused empty', () => {
    expect(lockFaults({})).toHaveLength(1)
  })
})

describe('an audit', () => {
  const advisory = (severity: string) => ({ severity, module_name: 'bad', title: 'Runs code', url: 'u' })

  it('fails for what is high or critical', () => {
    const advisories = { 1: advisory('high'), 2: advisory('moderate'), 3: advisory('critical') }
    const { text, faults } = readAudit(JSON.stringify({ advisories }))
    expect(text).toBe('3 known weaknesses, 2 of them high or critical')
    expect(faults).toEqual(['bad: high: Runs code (u)', 'bad: critical: Runs code (u)'])
    expect(readAudit('{"advisories":{}}')).toEqual({
      text: '0 known weaknesses, 0 of them high or critical',
      faults: [],
    })
  })

  it.each([
    '',
    '<html>',
    'null',
    '[]',
    '{"advisories":null}',
    '{"error":{"code":"X","message":"responded with 405 (at https://a.b/c)"}}',
  ])('says that there was no answer, and does not fail: %s', (output) => {
    const { text, faults } = readAudit(output)
    expect(text).toMatch(/^not asked/)
    expect(text).not.toMatch(/https/)
    expect(faults).toEqual([])
  })
})
