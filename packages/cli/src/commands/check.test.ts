/** What `ptrm check` says of answers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AKARI, AKARI_SOLUTION, EASY, objects, ptrm, SOLUTION, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('ptrm check', () => {
  it('accepts a right answer, and names and marks what a wrong one breaks', () => {
    const right = ptrm(['check', AKARI, '--answer', AKARI_SOLUTION])
    expect(right.stdout).toContain('solved: the answer keeps all rules')
    expect(right.status).toBe(0)
    const svg = join(folder, 'wrong.svg')
    const wrong = ptrm(['check', AKARI, '--answer', AKARI_SOLUTION.replace('.o', 'oo'), '--svg', svg])
    expect(wrong.stdout).toContain('bulbs light each other: row 1 column 1, row 1 column 2')
    expect(wrong.stdout).toContain('┃!●!│!●!│')
    expect(wrong.status).toBe(1)
    expect(readFileSync(svg, 'utf8')).toContain('bad-line')
  })

  it('tells a half-filled answer without mistakes from one with', () => {
    const verdict = (answer: string) =>
      JSON.parse(ptrm(['check', AKARI, '--json', '--answer', answer]).stdout)
    const half = AKARI_SOLUTION.replaceAll('.', '?')
    expect(verdict(half)).toMatchObject({ verdict: 'incomplete', violations: [] })
    expect(verdict(half.replace('?o', 'oo'))).toMatchObject({
      verdict: 'wrong',
      violations: expect.arrayContaining([
        {
          rule: 'bulbs light each other',
          cells: [
            { row: 1, column: 1 },
            { row: 1, column: 2 },
          ],
        },
      ]),
    })
  })

  it('judges the answers that a packed file gives, of several kinds', () => {
    const file = join(folder, 'mixed.jsonl.gz')
    const record = JSON.stringify({ id: 'a', puzzle_url: AKARI, solution: AKARI_SOLUTION })
    writeFileSync(file, gzipSync(`${record}\n${EASY},${SOLUTION}\n`))
    const { stdout, stderr, status } = ptrm(['check', file])
    expect(stdout.match(/solved: the answer/g)).toHaveLength(2)
    expect(stderr).toContain('2 of 2 answers are right')
    expect(status).toBe(0)
  })

  it('reads an answer as puzzles are read: packed, in UTF-16, or from stdin', () => {
    const [packed, wide] = [join(folder, 'answer.gz'), join(folder, 'answer-16.txt')]
    writeFileSync(packed, gzipSync(`${SOLUTION}\n`))
    writeFileSync(wide, Buffer.from(`\ufeff${SOLUTION}\r\n`, 'utf16le'))
    for (const value of [`@${packed}`, `@${wide}`, '@-'])
      expect(ptrm(['check', EASY, '--answer', value], SOLUTION).stdout).toContain('solved: the answer')
    expect(ptrm(['check', '-', '--answer', '@-'], EASY).stderr).toContain('are both stdin')
    expect(ptrm(['check', EASY, '--answer', '@no/such']).stderr).toBe('ptrm: no file no/such\n')
  })

  it('judges all that have an answer, and counts the others as unusable', () => {
    const file = join(folder, 'gaps.jsonl')
    const record = (fields: object) => `${JSON.stringify(fields)}\n`
    const answered = record({ puzzle: EASY, solution: SOLUTION })
    writeFileSync(file, answered + record({ puzzle: EASY }) + answered)
    const { stdout, stderr, status } = ptrm(['check', file])
    expect(stdout.match(/solved: the answer/g)).toHaveLength(2)
    expect(stderr).toBe(
      `${file}:2:12: no answer beside this puzzle: give it with --answer\n2 of 2 answers are right, 1 unusable\n`,
    )
    expect(status).toBe(2)
    const json = objects(ptrm(['check', file, '--json', '--quiet']).stdout)
    expect(json.map(({ verdict, status }) => verdict ?? status)).toEqual(['solved', 'bad-input', 'solved'])
    expect(json[1]).toMatchObject({ error: 'PuzzleParseError', where: { line: 2 } })
  })
})
