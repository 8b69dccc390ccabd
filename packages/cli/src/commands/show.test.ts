/** What `ptrm show` draws. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AKARI, EASY, objects, ptrm, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('ptrm show', () => {
  it('draws every puzzle, each with its own SVG', () => {
    const svg = join(folder, 'board.svg')
    const { stdout, status } = ptrm(['show', `${AKARI}\n${EASY}`, '--svg', svg])
    expect(status).toBe(0)
    expect(stdout).toContain('lightup, 6 rows x 6 columns')
    expect(stdout).toContain('sudoku, 9 rows x 9 columns')
    expect(readFileSync(join(folder, 'board-1.svg'), 'utf8')).toContain('ptrm-lightup')
    expect(readFileSync(join(folder, 'board-2.svg'), 'utf8')).toContain('ptrm-sudoku')
  })

  it('numbers SVG files by the place in the input, and writes bad entries as JSON in theirs', () => {
    const svg = join(folder, 'gaps.svg')
    const { stdout, status } = ptrm(['show', '-', '--json', '--svg', svg], `${EASY}\n12\n\n${EASY}\n`)
    expect(objects(stdout).map(({ kind, status }) => kind ?? status)).toEqual([
      'sudoku',
      'bad-input',
      'sudoku',
    ])
    expect(status).toBe(2)
    expect(readdirSync(folder).filter((name) => name.startsWith('gaps'))).toEqual([
      'gaps-1.svg',
      'gaps-3.svg',
    ])
  })

  it('reads a grid of the kind that it is told', () => {
    const { stdout } = ptrm(['show', '. 1\n. .', '--kind', 'lightup', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'lightup', rows: 2, cols: 2, grid: 'lightup\n. 1\n. .' })
  })
})
