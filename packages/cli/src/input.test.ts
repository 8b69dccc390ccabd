/** Files that a command reads are never written over, whatever it writes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AKARI, AKARI_SOLUTION, EASY, ptrm, SOLUTION, testFolder } from '../test/ptrm.ts'
import { refuseOverwrite } from './input.ts'

const folder = testFolder()
const file = join(folder, 'puzzle.txt')
writeFileSync(file, EASY)

it.each([
  ['show', []],
  ['check', ['--answer', EASY]],
  ['solve', ['--rollouts', '1', '--steps', '1']],
])('ptrm %s keeps the puzzles that --svg names', (command, flags) => {
  const { stderr, status } = ptrm([command, file, ...flags, '--svg', file])
  expect([status, stderr]).toEqual([2, `ptrm: --svg ${file} is what is read: give another file\n`])
  expect(readFileSync(file, 'utf8')).toBe(EASY)
})

it('an answer, a model and puzzles of a sweep are kept too', () => {
  const answer = join(folder, 'answer.txt')
  writeFileSync(answer, EASY)
  for (const command of ['show', 'check']) {
    const { stderr } = ptrm([command, EASY, '--answer', `@${answer}`, '--svg', answer])
    expect(stderr).toBe(`ptrm: --svg ${answer} is what is read: give another file\n`)
  }
  const sweep = [
    'sweep',
    file,
    '-o',
    join(folder, 'sweep'),
    '--sigmas',
    '0.1',
    '--rollouts',
    '1',
    '--steps',
    '1',
    '--write',
  ]
  expect(ptrm([...sweep, file]).stderr).toContain(`--write ${file} is what is read`)
  expect(ptrm([...sweep, answer, '--test', answer]).stderr).toContain(`--write ${answer} is what is read`)
  expect(ptrm([...sweep, answer, '--model', answer]).stderr).toContain(`--write ${answer} is what is read`)
  expect([file, answer].map((path) => readFileSync(path, 'utf8'))).toEqual([EASY, EASY])
})

it('only files that are there can be lost', () => {
  for (const input of [
    '-',
    'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.',
    join(folder, 'none'),
    folder,
    '/dev/null',
  ])
    expect(() => refuseOverwrite('-o', input, input)).not.toThrow()
  expect(() => refuseOverwrite('-o', join(folder, 'new'), file)).not.toThrow()
  expect(() => refuseOverwrite('-o', undefined, file, undefined)).not.toThrow()
})

it.each([
  ['show', []],
  ['check', []],
  ['solve', ['--rollouts', '1', '--steps', '1']],
])('ptrm %s keeps the puzzles that a numbered picture of --svg would be written over', (command, flags) => {
  const puzzles = join(folder, 'board-2.txt')
  const text = `${EASY},${SOLUTION}\n${EASY},${SOLUTION}\n`
  writeFileSync(puzzles, text)
  const { stderr, status } = ptrm([command, puzzles, ...flags, '--svg', join(folder, 'board.txt')])
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(`ptrm: --svg ${puzzles} is what is read: give another file\n`),
  ])
  expect(readFileSync(puzzles, 'utf8')).toBe(text)
})

it.each([
  ['eval', 'results.csv', []],
  ['eval', 'run.json', []],
  ['sweep', 'sweep.csv', ['--sigmas', '0.1']],
])('ptrm %s keeps data that lies in its folder as %s', (command, name, flags) => {
  const run = join(folder, `${command}-${name}`)
  const data = join(run, name)
  mkdirSync(run)
  writeFileSync(data, `${EASY},${SOLUTION}\n`)
  const { stderr, status } = ptrm([command, data, '-o', run, '--rollouts', '1', '--steps', '1', ...flags])
  expect([status, stderr]).toEqual([
    2,
    `ptrm: ${data} is read, and would be written over: choose another folder or move the file out of it\n`,
  ])
  expect(readFileSync(data, 'utf8')).toBe(`${EASY},${SOLUTION}\n`)
  expect(readdirSync(run)).toEqual([name])
})

it('ptrm eval keeps data of several kinds that lies in the folder of one of them', () => {
  const run = join(folder, 'kinds')
  const data = join(run, 'sudoku', 'results.csv')
  mkdirSync(join(run, 'sudoku'), { recursive: true })
  writeFileSync(
    data,
    `${JSON.stringify({ puzzle_url: AKARI, solution: AKARI_SOLUTION })}\n${EASY},${SOLUTION}\n`,
  )
  const { stderr, status } = ptrm(['eval', data, '-o', run, '--rollouts', '1', '--steps', '1'])
  expect([status, stderr]).toEqual([2, expect.stringContaining(`ptrm: ${data} is read`)])
  expect(readdirSync(run)).toEqual(['sudoku'])
})
