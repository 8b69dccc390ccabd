/** Every program of the documents is complete: it type-checks under `strict`, runs as it stands, and prints what is said. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasNoRedis, TestRedis } from '../../packages/queue/test/redis-server.ts'
import { blocks, ROOT } from './blocks.ts'

/** The README's programs and those of the library guide are run in the root of a clone, the others in a folder where our packages are installed. */
const home = (where: string) => (/^(README|docs\/library)\.md/.test(where) ? 'clone' : 'elsewhere')
const MODULES = { clone: join(ROOT, 'node_modules'), elsewhere: join(ROOT, 'docs', 'node_modules') }

const programs = blocks
  .filter(({ language }) => language === 'js' || language === 'ts')
  .map((block) => ({
    ...block,
    file: `${home(block.where)}/${block.where.replaceAll(/\W/g, '-')}.m${block.language}`,
  }))
/** These want a page, a bundler or workerd; packages/web and packaging/ run them. */
const wantsPage = (code: string) => /'@ptrm\/(web|orchestrator\/(browser|edge))'|'@rollup\//.test(code)

/** These want a Redis. */
const wantsRedis = (code: string) => code.includes("'@ptrm/queue'")

/** What bundlers make of files (an address, a module, bytes), and plugins that are not installed here. */
const BUNDLER = `
declare module '*.wasm' { const file: any; export default file }
declare module '*.safetensors' { const file: any; export default file }
declare module '@rollup/*'
`

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptrm-docs-'))
  for (const [name, modules] of Object.entries(MODULES)) {
    mkdirSync(join(folder, name))
    symlinkSync(modules, join(folder, name, 'node_modules'), 'junction')
  }
  for (const { file, code } of programs) writeFileSync(join(folder, file), code)
  const compilerOptions = {
    ...{ target: 'ES2023', module: 'NodeNext', lib: ['ES2023', 'DOM'], strict: true, noEmit: true },
    ...{ allowJs: true, checkJs: true, allowImportingTsExtensions: true, skipLibCheck: true },
    ...{ types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')] },
  }
  writeFileSync(join(folder, 'bundler.d.ts'), BUNDLER)
  const files = ['bundler.d.ts', ...programs.map(({ file }) => file)]
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('programs in the documents', () => {
  it('are found', () => {
    expect(programs.length).toBeGreaterThan(8)
    for (const { where, code } of programs) expect(code, where).toContain('import ')
  })

  it('type-check', () => {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  const runs = ({ file, prints }: (typeof programs)[number], env = {}) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' } as const
    const printed = execFileSync(process.execPath, [file], options)
    if (prints === undefined) expect(printed.trim()).not.toBe('')
    else expect(printed.trimEnd()).toBe(prints.trimEnd())
  }
  const plain = programs.filter(({ code }) => !wantsPage(code) && !wantsRedis(code))
  it.each(plain)('$where runs', (program) => runs(program))

  it.skipIf(hasNoRedis()).each(programs.filter(({ code }) => wantsRedis(code)))(
    '$where runs',
    async (program) => {
      const redis = await TestRedis.start()
      try {
        runs(program, { PTRM_REDIS: redis.url })
      } finally {
        await redis.end()
      }
    },
  )
})
