/** The packages' types under TypeScript at its strictest, as a program on Node, a page's and a worker's, libraries checked too. */
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, inject } from 'vitest'
import { ALL, appFolder } from '../src/apps.ts'
import { ROOT } from '../src/packed.ts'
import { itsRow } from '../src/rows.ts'
import { run } from '../src/run.ts'

const node = { module: 'nodenext' }
const bundler = { module: 'esnext', moduleResolution: 'bundler' }
const CASES = [
  ['node.ts', 'nodenext', { ...node, types: ['node'] }],
  ['node.ts', 'nodenext, no @types/node', { ...node, types: [] }],
  ['page.ts', 'bundler', { ...bundler, types: [] }],
  ['page.ts', 'bundler, browser condition', { ...bundler, types: [], customConditions: ['browser'] }],
  ['edge.ts', 'bundler, workerd condition', { ...bundler, types: [], customConditions: ['workerd'] }],
] as const

beforeAll(() => {
  const types = join(appFolder(inject('workshop'), ALL), 'node_modules', '@types')
  mkdirSync(types, { recursive: true })
  symlinkSync(realpathSync(join(ROOT, 'node_modules/@types/node')), join(types, 'node'), 'junction')
})

for (const [program, what, options] of CASES) {
  itsRow({ runtime: 'TypeScript', bundler: '', what }, async () => {
    const app = appFolder(inject('workshop'), ALL)
    const config = join(app, `tsconfig.${what.replaceAll(/\W+/g, '-')}.json`)
    const compilerOptions = {
      ...{
        target: 'es2022',
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
      },
      ...options,
    }
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [`programs/${program}`] }))
    await run('tsc', ['-p', config], { cwd: app })
  })
}
