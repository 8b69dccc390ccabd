/** Files that a command reads are never written over, whatever it writes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EASY, ptrm, testFolder } from '../test/ptrm.ts'
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
