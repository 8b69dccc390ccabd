/** What commands write, where it goes, and what becomes of it there: full disks, slow readers, terminals. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AKARI, AKARI_SOLUTION, BIN, EASY, objects, ptrm, SOLUTION, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()
const SOURCES = new URL('..', import.meta.url).pathname

/** Runs `ptrm` by a shell, where `$0 $@` stands for it. */
function shell(script: string, ...args: string[]) {
  return spawnSync('sh', ['-c', script, process.execPath, BIN, ...args], { encoding: 'utf8' })
}

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [BIN, ...args])
}

it('everything is written by one file', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  const writers = files
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file))
    .filter((file) => /std(?:out|err)\.write|console\./.test(readFileSync(join(SOURCES, file), 'utf8')))
  expect(writers).toEqual(['run/output.ts'])
})

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it.each([
    ['solve', EASY, '--json'],
    ['show', AKARI],
    ['check', AKARI, '--answer', AKARI_SOLUTION],
    ['models'],
    ['--help'],
    ['solve', '--help'],
    ['doctor', '--plan', 'sudoku', '1', '--memory', '1'],
  ])('is named, with code 2: ptrm %s %s', (...args) => {
    const { stderr, status } = shell('"$0" "$@" >/dev/full', ...args)
    expect([status, stderr]).toEqual([2, "ptrm: can't write stdout: ENOSPC: no space left on device\n"])
  })

  it('for remarks is code 2 too, and the answers come', () => {
    const told = shell('"$0" "$@" 2>/dev/full', 'solve', EASY, '--json')
    expect([told.status, objects(told.stdout)]).toEqual([2, [expect.objectContaining({ answer: SOLUTION })]])
  })

  it('that takes half of an answer is seen', () => {
    const file = join(folder, 'half')
    const { stderr, status } = shell(`ulimit -f 1; "$0" "$@" >"${file}"`, 'models', 'sudoku')
    expect([status, stderr]).toEqual([2, "ptrm: can't write stdout: EFBIG: file too large\n"])
    expect(readFileSync(file, 'utf8')).toHaveLength(512)
  })
})

describe('a stream', () => {
  it.each([['1'], ['3']])('is answered puzzle by puzzle, with %s workers', async (workers) => {
    const child = start('solve', '-', '--quiet', '--workers', workers)
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (const entry of [EASY, `{"id":1,"puzzle":"${EASY}"}`, EASY]) {
      child.stdin.write(`${entry}\n`)
      expect(await answers.next()).toEqual({ done: false, value: SOLUTION })
    }
    child.stdin.end()
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it.each([
    ['a picture that has no place', 2, ['--svg', join(folder, 'no/such/a.svg')], ''],
    ['a model that is not there', 2, ['--model', 'chess'], ''],
    ['an engine that does not run', 3, [], `${EASY}\n`],
  ])('ends at once, though stdin is open, with %s', async (_, code, args, input) => {
    // Without WebAssembly, which only the last comes to need.
    const child = spawn(process.execPath, ['--jitless', BIN, 'solve', '-', ...args])
    child.stdin.write(input)
    expect(await once(child, 'close')).toEqual([code, null])
  })

  it('is read no faster than its answers are, which come whole', async () => {
    const child = start('solve', '-', '--json', '--workers', '2')
    const entries = 5000
    const block = '{"puzzle":"12"}\n'.repeat(entries)
    let blocks = 0
    // Until nothing is taken any more.
    for (let isTaken = true; isTaken && blocks < 60; blocks += 1) {
      if (child.stdin.write(block)) continue
      isTaken = await Promise.race([once(child.stdin, 'drain').then(() => true), sleep(3000, false)])
    }
    expect(blocks).toBeLessThan(20)
    child.stdin.end()
    child.stderr.resume()
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      lines += 1
      if (JSON.parse(line).where.line !== lines) expect.unreachable(`line ${lines}: ${line}`)
    }
    expect(lines).toBe(blocks * entries)
  })
})

describe('codes that steer a terminal', () => {
  const NAME = 'a\u001b[31m\u009b2J\u202eb\nc'
  const SHOWN = 'a\\x1b[31m\\x9b2J\\u202eb\\x0ac'
  const file = join(folder, 'codes\u001b[2J.jsonl')
  const puzzles = [
    { id: NAME, puzzle: EASY, solution: SOLUTION },
    { id: NAME, puzzle: `1${NAME}` },
    { id: NAME, kind: NAME, puzzle: EASY },
    { id: NAME, puzzle: `11${'.'.repeat(79)}` },
  ]
  writeFileSync(file, puzzles.map((puzzle) => `${JSON.stringify(puzzle)}\n`).join(''))
  const clean = (text: string) => expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u)

  it.each([[['solve']], [['show']], [['check']]])('are shown by ptrm %s', (args) => {
    const { stdout, stderr } = ptrm([...args, file])
    expect(stdout).toContain(`${SHOWN}: `)
    expect(stderr).toContain('codes\\x1b[2J.jsonl:2:')
    clean(stdout + stderr)
  })

  it.each([[['solve']], [['show']], [['check']]])('are escaped by ptrm %s --json', (args) => {
    const { stdout, stderr } = ptrm([...args, file, '--json'])
    expect(objects(stdout)[0].id).toBe(NAME)
    clean(stdout + stderr)
  })

  it.each([
    ['show', `no${NAME}`],
    ['solve', EASY, '--model', `no${NAME}`],
    ['show', EASY, `--${NAME}`],
    ['models', NAME],
    ['report', NAME],
    ['parity', NAME],
    ['eval', file, '-o', join(folder, NAME), '--rollouts', '1', '--steps', '1'],
    ['import', file, '-o', join(folder, 'x')],
    ['export', file, '--onnx', join(folder, 'x')],
  ])('are in no error: ptrm %s', (...args) => {
    const { stdout, stderr } = ptrm(args)
    expect(stderr).not.toBe('')
    clean(stdout + stderr)
  })
})
