/** The command as it is installed: without onnxruntime and without a queue, which nothing needs that does not ask for them by name. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { EASY, SOLUTION, testFolder } from '../test/ptrm.ts'

const own = fileURLToPath(new URL('..', import.meta.url))
const { dependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'))
const INSTALL = 'npm install --ignore-scripts onnxruntime-node@1.30.0'

/** A folder with the command and its dependencies as npm puts them there; a project's has a package.json. */
function install(folder: string): string {
  const modules = join(folder, 'node_modules')
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(own, part), join(modules, '@ptrm', 'cli', part), { recursive: true })
  for (const name of Object.keys(dependencies)) {
    const place = join(modules, name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(realpathSync(join(own, 'node_modules', name)), place)
  }
  return join(modules, '@ptrm', 'cli', 'bin', 'ptrm.js')
}

const project = join(testFolder(), 'project')
const everywhere = join(testFolder(), 'lib')
const bin = install(project)
writeFileSync(join(project, 'package.json'), '{}')
// pnpm's scripts name all that is installed there.
const { NODE_PATH: _, ...env } = process.env
const ptrm = (file: string, ...args: string[]) =>
  spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8', timeout: 60_000 })

describe('without what is optional', () => {
  it('puzzles are solved', () => {
    const { stdout, stderr } = ptrm(bin, 'solve', EASY, '--quiet')
    expect([stdout, stderr]).toEqual([`${SOLUTION}\n`, ''])
  })

  it.each(['onnx', 'onnx-cpu'])('--backend %s says how to get it', (backend) => {
    const { status, stdout, stderr } = ptrm(bin, 'solve', EASY, '--backend', backend)
    expect([status, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^ptrm: .*onnxruntime-node is not installed/)
    expect(stderr).toContain(INSTALL)
  })

  it('the doctor says so, what it is for, and that nothing of the command needs it', () => {
    const { status, stdout } = ptrm(bin, 'doctor')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^onnx-cpu .* no +onnxruntime-node is not installed/m)
    expect(stdout).toMatch(/^for onnxruntime, .*large dense models.*GPU/m)
    expect(stdout).toContain(`onnxruntime-node: ${INSTALL}\n`)
  })

  it.each([[['status']], [['worker']], [['collect', 'x']], [['submit', 'x.csv', '--name', 'x']]])(
    'ptrm %j says how to get what it needs of others',
    (args) => {
      const { status, stdout, stderr } = ptrm(bin, ...args, '--redis', 'redis://127.0.0.1:1')
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toBe(
        'ptrm: runs over many machines want bullmq and ioredis, which do not come with ptrm: npm install bullmq@6 ioredis@5\n',
      )
    },
  )

  it('the command names the place where it is looked for, also beside a command for the whole machine', () => {
    const { stderr } = ptrm(install(everywhere), 'solve', EASY, '--backend', 'onnx-cpu')
    expect(stderr).toContain('npm install --global --ignore-scripts onnxruntime-node@1.30.0')
  })
})
