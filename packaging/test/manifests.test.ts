/** Whether each package's manifest and tarball are what the registry, editors and TypeScript want. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { installedFolder } from '../src/apps.ts'
import { packageNames, ROOT, readManifest, tarballOf } from '../src/packed.ts'
import { attempt } from '../src/run.ts'

const { license, engines } = readManifest(ROOT)
/** Exports that are no code, so without types. */
const NO_CODE = ['simd128.wasm', 'relaxed.wasm', '*.safetensors', 'standalone/*', 'custom-elements.json']

describe.each(packageNames())('@ptrm/%s', (name) => {
  const folder = join(ROOT, 'packages', name)
  const manifest = readManifest(folder)
  const installed = installedFolder(inject('workshop'), name, name)

  it('tells who may have it, where it comes from and what it is', () => {
    expect(manifest).toMatchObject({
      license,
      engines,
      publishConfig: { access: 'public' },
      repository: { type: 'git', directory: `packages/${name}` },
      bugs: expect.stringMatching(/^https:/),
      homepage: expect.stringContaining(`packages/${name}`),
      description: expect.stringMatching(/\.$/),
    })
    expect(manifest.keywords?.length).toBeGreaterThan(3)
  })

  it('carries its licence and a README whose links lead somewhere from everywhere', () => {
    expect(existsSync(join(installed, 'LICENSE'))).toBe(true)
    const readme = readFileSync(join(installed, 'README.md'), 'utf8')
    const links = [...readme.matchAll(/\]\(([^)\s]+)/g)].map(([, link]) => link!)
    expect(links.filter((link) => !/^(https:|#)/.test(link))).toEqual([])
  })

  it('carries source maps with their sources, and no tests', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
      (file) => !file.startsWith('node_modules'),
    )
    const maps = files.filter((file) => file.endsWith('.js.map'))
    expect(maps.length).toBeGreaterThan(0)
    for (const map of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(installed, map), 'utf8'))
      expect(sourcesContent?.length, map).toBe(sources.length)
    }
    expect(files.filter((file) => /\.(test|contract|bench)\./.test(file))).toEqual([])
  })

  it('has nothing for publint to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('has the right types for ESM and bundlers', async () => {
    const args = ['--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', ...NO_CODE]
    const { code, output } = await attempt('attw', [tarballOf(inject('workshop'), name), ...args], {
      cwd: ROOT,
    })
    expect(code, output).toBe(0)
  })
})
