/** What ends a run before its time, and what comes out of it then: Ctrl-C, and a reader that leaves. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { BIN, EASY, SOLUTION, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('a reader that leaves', () => {
  const code = join(folder, 'code')
  const head = (flags: string) =>
    spawnSync(
      'bash',
      ['-c', `{ "${process.execPath}" "${BIN}" solve - ${flags}; echo $? >"${code}"; } | head -n 1`],
      { encoding: 'utf8', input: `${EASY}\n`.repeat(40) },
    )

  it('ends a run quietly', () => {
    const { stdout, stderr } = head('--quiet')
    expect(stdout).toBe(`${SOLUTION}\n`)
    expect(stderr).toBe('')
  })

  it.each(['--json 2>&1', '--json --backend onnx-cpu 2>&1'])('is no error: %s', (flags) => {
    head(flags)
    expect(readFileSync(code, 'utf8')).toBe('0\n')
  })
})

describe('Ctrl-C', () => {
  const solve = (...args: string[]) => spawn(process.execPath, [BIN, 'solve', ...args])
  const many = join(folder, 'many.txt')
  writeFileSync(many, `${EASY}\n`.repeat(3000))

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('or %s ends a run with what it has, and says so', async (signal, status) => {
    const child = solve(many, '--json')
    child.stdout.once('data', () => child.kill(signal))
    const { code, stdout, stderr } = await endOf(child)
    expect(code).toBe(status)
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).where.line)).toEqual(lines.map((_, i) => i + 1))
    expect(stderr).toMatch(
      new RegExp(`^interrupted; solved ${lines.length} of ${lines.length} = 100.0%`, 'm'),
    )
  })

  it('ends a comparison of engines between two steps', async () => {
    const cases = new URL('../../../core-wasm/test/fixtures/official-trm', import.meta.url).pathname
    const child = spawn(process.execPath, [BIN, 'parity', cases])
    child.stdout.once('data', () => child.kill('SIGTERM'))
    const { code, stdout, stderr } = await endOf(child)
    expect(code).toBe(143)
    expect(stderr).toContain(`interrupted; ${stdout.trim().split('\n').length} of `)
  })

  it.each([
    ['eval', 'SIGTERM', 143, []],
    ['sweep', 'SIGHUP', 129, ['--sigmas', '0.2']],
  ] as const)('of ptrm %s may be %s, and come at any time', async (command, signal, status, more) => {
    const data = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
    const args = ['--rollouts', '8', '--steps', '8', '-o', join(folder, command), ...more]
    const child = spawn(process.execPath, [BIN, command, data, ...args])
    while (!existsSync(join(folder, command))) await sleep(5)
    child.kill(signal)
    const { code, stderr } = await endOf(child)
    expect([code, stderr]).toEqual([status, expect.stringContaining('interrupted')])
  })

  it('leaves stdin', async () => {
    const child = solve('-', '--quiet')
    child.stdin.write(`${EASY}\n${EASY}\n`)
    child.stdout.once('data', () => child.kill('SIGINT'))
    expect((await endOf(child)).code).toBe(130)
  })

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGTERM'],
  ] as const)('leaves at once where %s is followed by %s', async (first, second) => {
    const interrupt = new URL('./interrupt.ts', import.meta.url)
    // Work that heeds no signal, as a call into native code that takes minutes.
    const script = `
      import { interruptible } from '${interrupt}'
      await interruptible((signal) => {
        signal.onabort = () => console.log('interrupted')
        console.log('begun')
        return new Promise((resolve) => setTimeout(resolve, 60_000))
      })`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
    child.stdout.once('data', () => {
      child.kill(first)
      child.stdout.once('data', () => child.kill(second))
    })
    expect(await endOf(child)).toMatchObject({ code: null, signal: second, stdout: 'begun\ninterrupted\n' })
  })
})

interface End {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<End> {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
