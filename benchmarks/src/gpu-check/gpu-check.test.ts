/** The check itself: its time limits, its record, and that what is packed is enough on a machine that has nothing. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { runChild } from './child.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const folders: string[] = []
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'ptrm-gpu-check-')))
  return folders.at(-1)!
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true })
}, 60_000)

describe('a child', () => {
  it('ends at its limit with all that it started, and what it printed is kept', async () => {
    const end = await runChild('sh', ['-c', 'echo first; sleep 60 & wait'], 0.3)
    expect(end).toMatchObject({ status: undefined, reason: 'not done after 0 s', stdout: 'first\n' })
    expect(end.seconds).toBeLessThan(20)
  })

  it('tells its status, a signal, or why it did not start', async () => {
    expect(await runChild('sh', ['-c', 'echo out; echo err >&2; exit 7'], 20)).toMatchObject({
      status: 7,
      reason: 'exit status 7',
      stdout: 'out\n',
      output: expect.stringContaining('err'),
    })
    expect((await runChild('sh', ['-c', 'kill -TERM $$'], 20)).reason).toBe('ended by SIGTERM')
    expect((await runChild(join(ROOT, 'nothing'), [], 20)).reason).toContain('ENOENT')
    expect(await runChild('true', [], 20)).toMatchObject({ status: 0, reason: undefined })
  })
})

const home = folder()
const check = (root: string, out: string, ...args: readonly string[]) =>
  spawnSync(join(root, 'scripts/gpu-check.sh'), ['--out', out, '--python', 'none', ...args], {
    encoding: 'utf8',
    env: { PROVIDER: 'cpu', PATH: '/usr/bin:/bin', HOME: home },
  })

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the check', () => {
  it('passes on the CPU provider from what is packed and the repository’s files alone', () => {
    const [clean, out] = [folder(), folder()]
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')
    for (const file of tracked.filter((name) => /^(packages|benchmarks|scripts|package\.json)/.test(name)))
      cpSync(join(ROOT, file), join(clean, file))
    execFileSync(process.execPath, [join(ROOT, 'benchmarks/src/gpu-check/pack.ts'), clean])
    const { status, stdout } = check(clean, out, '--only', 'provider,noise')
    expect([stdout, status]).toEqual([expect.stringContaining('2 of 2 steps passed'), 0])
    expect(readdirSync(out).toSorted()).toEqual(['gpu-check.json', 'gpu-check.log'])
    const { steps } = JSON.parse(readFileSync(join(out, 'gpu-check.json'), 'utf8'))
    expect(steps).toMatchObject([
      { name: 'provider', passed: true, figures: { engines: expect.any(Array) } },
      { name: 'noise', passed: true, figures: { shapes: [{ most: 0 }, { most: 0 }, { most: 0 }] } },
    ])
  }, 240_000)

  it('records each step that no time is left for', () => {
    const out = folder()
    const { status } = check(ROOT, out, '--only', 'parity,noise', '--seconds', '1')
    expect(status).toBe(1)
    const { steps } = JSON.parse(readFileSync(join(out, 'gpu-check.json'), 'utf8'))
    const left = { passed: false, seconds: 0, error: 'no time was left for it' }
    expect(steps).toMatchObject([
      { name: 'parity', ...left },
      { name: 'noise', ...left },
    ])
  }, 60_000)

  it('refuses what it does not know', () => {
    expect(check(ROOT, folder(), '--only', 'dance').stderr).toContain('there is no step dance')
    for (const seconds of ['long', '0', 'Infinity'])
      expect(check(ROOT, folder(), '--seconds', seconds).stderr).toContain(`--seconds: found ${seconds}`)
  })
})
