/**
 * Runs that are killed at any moment, meet a full disk or each other: the same command again comes to the same bytes as
 * without. `PTRM_KILLS=9` kills that often; the moments follow from the seed, which `PTRM_KILL_SEED` changes.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRun } from '@ptrm/eval'
import { describe, expect, it } from 'vitest'
import { BIN, ptrm, testFolder } from '../test/ptrm.ts'

const KILLS = Number(process.env['PTRM_KILLS'] ?? 3)
const folder = testFolder()
const DATA = new URL('../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const data = join(folder, 'data.csv')
writeFileSync(data, readFileSync(DATA, 'utf8').split('\n').slice(0, 7).join('\n'))

const FLAGS = ['--rollouts', '2', '--seed', '1', '--workers', '1', '--kernel', 'simd128', '--quiet']
const evaluate = (output: string) => ['eval', data, '-o', output, '--steps', '3', ...FLAGS]
const sweep = (output: string) => [
  'sweep',
  data,
  '-o',
  output,
  '--steps',
  '4',
  '--sigmas',
  '0.1',
  '0.4',
  ...FLAGS,
]
const inFolder = (name: string) => join(folder, name)
const names = (path: string) => readdirSync(path).sort()

/** From 0 to 1; the same for the same seed. */
function randoms(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Milliseconds that a command takes to its end. */
function timed(args: readonly string[]): number {
  const before = performance.now()
  const { status, stderr } = ptrm(args)
  expect([status, stderr]).toEqual([0, ''])
  return performance.now() - before
}

/** Starts a command and kills it `ms` after, if it is not done by then. */
async function killed(args: readonly string[], ms: number): Promise<string> {
  const child = spawn(process.execPath, [BIN, ...args])
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  const said = Buffer.concat(await child.stderr.toArray()).toString()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  clearTimeout(timer)
  return said
}

/** Kills a command again and again, at moments over all that it does, then lets it come to its end. */
async function killedOften(args: readonly string[], whole: number): Promise<void> {
  const random = randoms(Number(process.env['PTRM_KILL_SEED'] ?? 1))
  // What is left to do gets less with every run, and the start takes its time each time; so not all kills are early.
  for (let i = 0; i < KILLS; i++) expect(await killed(args, whole * (0.2 + 0.8 * random()))).toBe('')
  timed(args)
}

/** A report of a sweep without its wall times. */
function withoutTimes(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/"ms": [\d.]+/g, '"ms": 0')
}

describe('after kills at any moment', () => {
  it('an evaluation comes to the same bytes', async () => {
    const [clean, torn] = ['clean', 'torn'].map(inFolder) as [string, string]
    await killedOften(evaluate(torn), timed(evaluate(clean)))
    for (const name of ['results.json', 'results.csv'])
      expect(readFileSync(join(torn, name))).toEqual(readFileSync(join(clean, name)))
    expect(names(torn)).toEqual(names(clean))
    const indices = readRun(torn).records.map(({ index }) => index)
    expect(indices).toEqual(readRun(clean).records.map(({ index }) => index))
  })

  it('a sweep comes to the same report, but for its times', async () => {
    const [clean, torn] = ['sweep', 'torn-sweep'].map(inFolder) as [string, string]
    await killedOften(sweep(torn), timed(sweep(clean)))
    expect(withoutTimes(join(torn, 'sweep.json'))).toBe(withoutTimes(join(clean, 'sweep.json')))
    expect(names(torn)).toEqual(names(clean))
    for (const name of names(clean).filter((name) => name.startsWith('zL')))
      expect(names(join(torn, name))).toEqual(names(join(clean, name)))
  })
})

describe('two runs at once', () => {
  it('are one: the other names it, ends with 2, and the folder stays good', async () => {
    const output = inFolder('both')
    const first = spawn(process.execPath, [BIN, ...evaluate(output)])
    const ended = once(first, 'exit')
    while (!existsSync(join(output, 'run.json'))) await new Promise((wait) => setTimeout(wait, 5))
    const second = ptrm(evaluate(output))
    expect([second.status, second.stderr]).toEqual([
      2,
      expect.stringContaining(`ptrm: ${output} is in use by process ${first.pid} on `),
    ])
    expect(await ended).toEqual([0, null])
    expect(readFileSync(join(output, 'results.json'))).toEqual(readFileSync(inFolder('clean/results.json')))
  })

  it('may follow each other after Ctrl-C, which gives the folder back', async () => {
    const output = inFolder('interrupted')
    const child = spawn(process.execPath, [BIN, ...evaluate(output)])
    const ended = once(child, 'exit')
    while (!existsSync(join(output, 'puzzles.jsonl'))) await new Promise((wait) => setTimeout(wait, 5))
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(names(output)).toEqual(['puzzles.jsonl', 'run.json'])
  })
})

/** Runs `ptrm` where files may have so many times 512 bytes, as on a disk that is nearly full. */
function withLimit(blocks: number, args: readonly string[]): (number | string | null)[] {
  const script = ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, BIN, ...args]
  const { status, stderr } = spawnSync('sh', script, { encoding: 'utf8' })
  return [status, stderr]
}

describe.skipIf(process.platform === 'win32')('on a full disk', () => {
  const noRoom = (file: string) => [2, `ptrm: can't write ${file}: EFBIG: file too large\n`]

  it('an evaluation ends with 2, keeps its whole records, and goes on where there is room', () => {
    const output = inFolder('full')
    const lines = join(output, 'puzzles.jsonl')
    const args = evaluate(output)
    expect(withLimit(4, args)).toEqual(noRoom(lines))
    const kept = readFileSync(lines, 'utf8')
    expect(kept).toMatch(/\n$/)
    for (const line of kept.trimEnd().split('\n')) JSON.parse(line)
    // Again no room, this time for its figures.
    cpSync(inFolder('clean/puzzles.jsonl'), lines)
    expect(withLimit(8, args)).toEqual(noRoom(join(output, 'results.json')))
    expect(names(output)).toEqual(['puzzles.jsonl', 'run.json'])
    writeFileSync(lines, kept)
    timed(args)
    expect(readFileSync(join(output, 'results.json'))).toEqual(readFileSync(inFolder('clean/results.json')))
  })

  it('what a command would replace stays, and no part of the new is left', () => {
    const clean = inFolder('replaced')
    cpSync(inFolder('clean'), clean, { recursive: true })
    const file = inFolder('kept/file')
    rmSync(inFolder('kept'), { recursive: true, force: true })
    cpSync(inFolder('clean'), inFolder('kept'), { recursive: true })
    writeFileSync(file, 'before')
    const there = names(inFolder('kept'))
    const puzzle = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
    for (const args of [
      ['export', 'sudoku', '--safetensors', file],
      ['show', puzzle, '--svg', file],
    ]) {
      expect(withLimit(1, args)).toEqual(noRoom(file))
      expect(readFileSync(file, 'utf8')).toBe('before')
      expect(names(inFolder('kept'))).toEqual(there)
    }
    const [status, error] = withLimit(8, ['report', clean])
    expect([status, error]).toEqual([
      2,
      expect.stringContaining(`ptrm: can't write ${join(clean, 'report')}`),
    ])
    expect(names(clean).filter((name) => name.includes('part'))).toEqual([])
  })
})
