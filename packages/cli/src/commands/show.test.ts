/** What `ptrm show` draws. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AKARI, EASY, ptrm, testFolder } from '../../test/ptrm.ts'

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

  it('reads a grid of the kind that it is told', () => {
    const { stdout } = ptrm(['show', '. 1\n. .', '--kind', 'lightup', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'lightup', rows: 2, cols: 2, grid: 'lightup\n. 1\n. .' })
  })
})
