/** `ptrm eval`, `sweep` and `report` from their flags to exit codes and folders; what they measure is tested in `@ptrm/eval`. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readRun } from '@ptrm/eval'
import { readModel } from '@ptrm/orchestrator'
import { afterAll, describe, expect, it } from 'vitest'
import { evalCommand } from './commands/eval.ts'
import { report } from './commands/report.ts'
import { type SweepFlags, sweep } from './commands/sweep.ts'
import * as parse from './options/parse.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-measuring-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DATA = new URL('../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const lines = readFileSync(DATA, 'utf8').split('\n')
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const URLS = [
  'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.',
  'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g',
]
const FLAGS = { rollouts: 1, steps: 2, seed: 1n, workers: 1, kernel: 'simd128', quiet: true } as const

describe('ptrm eval', () => {
  it('runs each kind into a folder of its name, and compares each with its like', async () => {
    const data = file('kinds.txt', URLS.join('\n'))
    const output = join(folder, 'kinds')
    await expect(evalCommand(data, { ...FLAGS, output })).rejects.toThrow('--judge rules')
    expect(existsSync(output)).toBe(false)
    expect(await evalCommand(data, { ...FLAGS, output, judge: 'rules' })).toBe(0)
    const kinds = ['lightup', 'sudoku'].map((kind) => readRun(join(output, kind)).manifest.model.kind)
    expect(kinds).toEqual(['lightup', 'sudoku'])
    const one = join(folder, 'one')
    expect(await evalCommand(data, { ...FLAGS, output: one, model: 'sudoku', at: [1], judge: 'rules' })).toBe(
      0,
    )
    expect(readRun(one).manifest.data.puzzles).toBe(1)
  })

  it('takes boards of one size, or of a range of the longer side', async () => {
    const data = file('sizes.txt', URLS.join('\n'))
    for (const [text, kind] of [
      ['6x6', 'lightup'],
      ['7-9', 'sudoku'],
    ] as const) {
      const output = join(folder, text)
      expect(await evalCommand(data, { ...FLAGS, output, judge: 'rules', size: parse.sizes(text) })).toBe(0)
      expect(readRun(output).manifest).toMatchObject({ model: { kind }, data: { puzzles: 1, size: text } })
    }
    for (const text of ['big', '0x6', '6', '17-11', '0-5', '1-2-3'])
      expect(() => parse.sizes(text)).toThrow('Wanted rows x columns, such as 10x10, or the shortest and')
  })

  it('writes a comparison into the run folder', async () => {
    const data = file('two.csv', lines.slice(0, 3).join('\n'))
    const [a, b] = ['a', 'b'].map((name) => join(folder, name)) as [string, string]
    expect(await evalCommand(data, { ...FLAGS, output: a })).toBe(0)
    expect(await evalCommand(data, { ...FLAGS, output: b, sigma: 0.5, against: a })).toBe(0)
    const comparison = JSON.parse(readFileSync(join(b, 'comparison.json'), 'utf8'))
    expect(comparison).toMatchObject({ first: b, second: a, pass: { p: 1 }, 'best-q': {} })
  })

  it('refuses a folder that can not be compared, of any kind, before the first kind is run', async () => {
    const data = file('against.txt', URLS.join('\n'))
    const more = file('more.txt', [...URLS, URLS[1]].join('\n'))
    const at = (name: string) => join(folder, name)
    const [whole, half, others] = [at('whole'), at('half'), at('others')]
    expect(await evalCommand(data, { ...FLAGS, output: whole, judge: 'rules' })).toBe(0)
    expect(await evalCommand(more, { ...FLAGS, output: others, judge: 'rules' })).toBe(0)
    cpSync(whole, half, { recursive: true })
    writeFileSync(join(half, 'sudoku', 'puzzles.jsonl'), '')
    const output = at('compared')
    const run = (against: string, more = {}) =>
      evalCommand(data, { ...FLAGS, output, judge: 'rules', against, ...more })
    await expect(run(at('mistyped'))).rejects.toThrow('mistyped/lightup is no run folder')
    await expect(run(half)).rejects.toThrow('half/sudoku: 0 of 1 puzzles are done')
    await expect(run(others)).rejects.toThrow(`${others}/lightup: the runs are of different puzzles`)
    await expect(run(whole, { model: 'sudoku' })).rejects.toThrow(
      `${whole} is no run folder, but holds some: give one of ${join(whole, 'lightup')}, ${join(whole, 'sudoku')}`,
    )
    const sudoku = join(others, 'sudoku')
    await expect(run(sudoku, { model: 'sudoku' })).rejects.toThrow(`${sudoku}: the runs are of different`)
    const lightup = run(join(whole, 'lightup'), { model: 'sudoku' })
    await expect(lightup).rejects.toThrow(/lightup: the runs are of different puzzles/)
    const sized = run(join(whole, 'sudoku'), { model: 'sudoku', size: { rows: 9, cols: 9 } })
    await expect(sized).rejects.toThrow(/sudoku: the runs are of different puzzles/)
    const solved = file('solved.csv', lines.slice(0, 2).join('\n'))
    const one = at('judged')
    expect(await evalCommand(solved, { ...FLAGS, output: one })).toBe(0)
    await expect(evalCommand(solved, { ...FLAGS, output, judge: 'rules', against: one })).rejects.toThrow(
      `--against ${one}: the runs are judged differently, by rules and by solutions`,
    )
    expect(existsSync(output)).toBe(false)
    expect(await run(whole)).toBe(0)
    expect(existsSync(join(output, 'sudoku', 'comparison.json'))).toBe(true)
  })

  it('refuses a puzzle of any kind that can not be run before the first kind is', async () => {
    const data = file('broken.txt', [URLS[0], URLS[1]!.replace('52l7', '55l7')].join('\n'))
    const output = join(folder, 'broken')
    await expect(evalCommand(data, { ...FLAGS, output })).rejects.toThrow(
      'broken.txt:2: the givens contradict',
    )
    expect(existsSync(output)).toBe(false)
  })
})

describe('ptrm sweep', () => {
  const tuning = file('tuning.csv', lines.slice(0, 4).join('\n'))
  const SWEEP: SweepFlags = {
    ...FLAGS,
    output: join(folder, 'sweep'),
    rollouts: 2,
    steps: 8,
    sigmas: [0.1, [0.4, 0.2]],
    select: 'best-q',
  }

  it('writes the model with the plan that it chose, and draws what it found', async () => {
    const write = join(folder, 'tuned.safetensors')
    const test = file('test.csv', [lines[0], ...lines.slice(10, 12)].join('\n'))
    expect(await sweep(tuning, { ...SWEEP, write, test })).toBe(0)
    const { chosen } = JSON.parse(readFileSync(join(SWEEP.output, 'sweep.json'), 'utf8'))
    const { rollouts, steps, sigma, noiseTarget } = chosen
    expect(readModel(readFileSync(write)).recommended).toEqual({ rollouts, steps, sigma, noiseTarget })
    expect(await report(SWEEP.output, {})).toBe(0)
    expect(readFileSync(join(SWEEP.output, 'report.html'), 'utf8')).toContain('best plan')
  })

  it('has exit code 1 where nothing fits the budget', async () => {
    expect(await sweep(tuning, { ...SWEEP, budget: 0.0001 })).toBe(1)
  })
})
