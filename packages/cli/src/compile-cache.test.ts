/** Compiled code is kept in the user's cache folder, can be turned off, and never ends a command. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN, EASY, SOLUTION, testFolder } from '../test/ptrm.ts'

const folder = testFolder()

function solveWith(env: NodeJS.ProcessEnv) {
  const own: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: '' }
  for (const name of ['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE']) delete own[name]
  const args = [BIN, 'solve', EASY, '--quiet']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    ...{ env: { ...own, ...env }, encoding: 'utf8' },
  })
  expect([stdout, stderr, status]).toEqual([`${SOLUTION}\n`, '', 0])
}

/** From Node 22.1 on. */
const isThere = 'enableCompileCache' in module

describe.runIf(isThere && process.platform === 'linux')('compiled code', () => {
  it("lies in the user's cache folder, and is taken from there", () => {
    solveWith({ HOME: folder })
    const [version] = readdirSync(join(folder, '.cache', 'ptrm'))
    const files = readdirSync(join(folder, '.cache', 'ptrm', version!))
    expect(files.length).toBeGreaterThan(10)
    solveWith({ HOME: folder })
    expect(readdirSync(join(folder, '.cache', 'ptrm', version!))).toEqual(files)
  })

  it('lies where XDG_CACHE_HOME or NODE_COMPILE_CACHE say', () => {
    const [xdg, node] = [join(folder, 'xdg'), join(folder, 'node')]
    solveWith({ HOME: folder, XDG_CACHE_HOME: xdg })
    expect(readdirSync(join(xdg, 'ptrm'))).toHaveLength(1)
    solveWith({ HOME: folder, XDG_CACHE_HOME: join(folder, 'other'), NODE_COMPILE_CACHE: node })
    expect(readdirSync(node)).toHaveLength(1)
    expect(existsSync(join(folder, 'other'))).toBe(false)
  })

  it('is not kept where NODE_DISABLE_COMPILE_CACHE is set', () => {
    solveWith({ HOME: join(folder, 'nobody'), NODE_DISABLE_COMPILE_CACHE: '1' })
    expect(existsSync(join(folder, 'nobody'))).toBe(false)
  })

  it('is done without where the folder is none', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    solveWith({ HOME: folder, XDG_CACHE_HOME: file })
  })
})
