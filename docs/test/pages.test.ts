/** The documents hang together: links lead somewhere, lists are whole, the README stays short enough to be read. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { bundledModels } from '@ptrm/models'
import { COLOUR_ROLES } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents, ROOT, read } from './blocks.ts'

const decisions = readdirSync(join(ROOT, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name))

describe('the documents', () => {
  it('link to files and headings that are there', () => {
    const require = createRequire(import.meta.url)
    const remark = join(ROOT, 'docs/node_modules/remark-cli/cli.js')
    const plugin = require.resolve('remark-validate-links')
    // Not the folder of training: it may hold a Python environment with documents of others.
    const training = readdirSync(join(ROOT, 'training')).filter((name) => name.endsWith('.md'))
    const files = [
      ...documents,
      'CHANGELOG.md',
      'docs/decisions',
      'packages/models/weights',
      ...training.map((name) => `training/${name}`),
    ]
    const repository = JSON.parse(read('packages/cli/package.json')).repository.url
    const args = [
      '--quiet',
      '--frail',
      '--no-stdout',
      '--no-config',
      '--use',
      `${plugin}=repository:"${repository}"`,
    ]
    const { stderr, status } = spawnSync(process.execPath, [remark, ...files, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  it('are all in the site’s sidebar', () => {
    const sidebar = read('site/.vitepress/config.ts')
    for (const path of documents) {
      const page = /^docs\/(.*)\.md$/.exec(path)?.[1]
      if (page !== undefined && page !== 'index') expect(sidebar, path).toContain(`'/${page}'`)
    }
  })

  it('list every decision', () => {
    const list = read('docs/decisions/README.md')
    for (const name of decisions) {
      const title = /^# (\d+)\. (.*)/.exec(read(`docs/decisions/${name}`))!
      expect(list).toContain(`${title[1]}. [${title[2]}](${name})`)
    }
  })

  it('greet with a README of at most 100 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(100)
  })

  it('tell how many weights the models have', () => {
    const [free, dense] = [/([\d,]+) free weights/, /([\d,]+) weights/].map((pattern) =>
      bundledModels
        .flatMap(({ summary }) => pattern.exec(summary)?.[1] ?? [])
        .map((count) => Number(Number(count.replaceAll(',', '')).toPrecision(2))),
    )
    const shown = (count: number) => count.toLocaleString('en-US')
    const range = `${shown(Math.min(...free!))} to ${shown(Math.max(...free!))}`
    expect(read('README.md')).toContain(`learnt as ${range} weights`)
    expect(read('README.md')).toContain(`10x10: ${shown(Math.max(...dense!))})`)
    expect(read('docs/how-it-works.md')).toContain(`learnt as ${range} that`)
    expect(read('docs/index.md')).toContain('at most half a million weights')
    expect(Math.max(...free!, ...dense!)).toBeLessThanOrEqual(500_000)
  })

  it('ask for the packages of the manifests, as the examples do', () => {
    const { version } = JSON.parse(read('packages/web/package.json'))
    for (const name of ['next', 'preact', 'react', 'svelte', 'vue'])
      expect(JSON.parse(read(`examples/${name}/package.json`)).dependencies['@ptrm/web'], name).toBe(version)
    expect(read('docs/embedding.md')).toContain(`tarballs/ptrm-web-${version}.tgz`)
  })

  it('show the same element everywhere', () => {
    const page = blocksOf('docs/embedding.md').find(({ language }) => language === 'html')!
    for (const path of ['README.md', 'packages/web/README.md']) {
      const [snippet] = blocksOf(path).filter(({ language }) => language === 'html')
      for (const line of snippet!.code.trim().split('\n')) expect(page.code, path).toContain(line)
    }
  })

  it('name the element’s colours, events and attributes as they are', () => {
    const folder = join(ROOT, 'packages/web/src')
    const source = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => read(`packages/web/src/${name}`))
      .join('\n')
    const text = read('docs/embedding.md')
    const colours = [...text.matchAll(/--ptrm-([a-z-]+)/g)].map(([, role]) => role!)
    const events = [...text.matchAll(/`(ptrm-[a-z]+)`/g)].map(([, name]) => name!)
    const attributes = [...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name!)
    expect(new Set([...colours, ...events]).size).toBeGreaterThan(15)
    for (const role of colours)
      if (!COLOUR_ROLES.some((known) => known === role)) expect(source).toContain(`--ptrm-${role}`)
    for (const name of events) expect(source).toContain(name)
    for (const name of attributes) expect(source, name).toMatch(RegExp(`attribute: '${name}'|\\b${name}\\b`))
  })
})
