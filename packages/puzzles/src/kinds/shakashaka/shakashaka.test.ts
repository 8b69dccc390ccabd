/** Shakashaka's notation and pictures. */
import { describe, expect, it } from 'vitest'
import { shakashaka } from './index.ts'
import { board } from './test/oracle.ts'

describe('notation', () => {
  it('writes walls, white cells and triangles as tokens', () => {
    const [puzzle, answer] = board('◢◣#', '◥◤.', '012', '34.')
    const rows = (tokens: Uint8Array) => [0, 3, 6, 9].map((at) => [...tokens.subarray(at, at + 3)])
    expect(rows(shakashaka.encode(puzzle).tokens)).toEqual([
      [6, 6, 7],
      [6, 6, 6],
      [8, 9, 10],
      [11, 12, 6],
    ])
    expect(rows(shakashaka.encodeAnswer(puzzle, answer))).toEqual([
      [3, 2, 0],
      [4, 5, 1],
      [0, 0, 0],
      [0, 0, 1],
    ])
  })

  it('reads answers in triangles or in pzpr digits, and writes triangles', () => {
    const [puzzle, answer] = board('◢◣#', '◥◤?')
    expect(shakashaka.answerToLine(puzzle, answer)).toBe('◢◣-/◥◤?')
    expect(shakashaka.parseAnswer(puzzle, '320/45?')).toEqual(answer)
    expect(shakashaka.parseAnswer(puzzle, '3 2 -\n4 5 ?')).toEqual(answer)
    expect(() => shakashaka.parseAnswer(puzzle, '32-/461')).toThrow(
      /1:6: unexpected '6'; expected one of '\.', '◣'/,
    )
    expect(() => shakashaka.parseAnswer(puzzle, '322/450')).toThrow(
      /1:3: row 1, column 3 holds a wall or clue/,
    )
  })

  it('reads URLs of other sites and spellings', () => {
    const wanted = shakashaka.parse('x . 2 .\n. . . .\n4 0 . x')
    for (const start of [
      'https://puzz.link/p?',
      'http://pzv.jp/p.html?',
      'https://pzplus.tck.mn/p?',
      'https://puzz.link/p.html?',
    ])
      for (const body of ['.gci45.', '.g7j45.', '.g2k40g.', '.g2gig40g.'])
        expect(shakashaka.parse(`${start}shakashaka/4/3/${body}`)).toEqual(wanted)
    expect(shakashaka.toUrl(wanted)).toBe('https://puzz.link/p?shakashaka/4/3/.gci45.')
  })

  it.each([
    ['https://puzz.link/p?shakashaka/2/2/h', /1:37: expected 4 cells, found 2/],
    ['https://puzz.link/p?shakashaka/2/2/k', /1:36: the URL goes on after its 4 cells/],
    ['https://puzz.link/p?shakashaka/2/2/f', /1:36: unexpected 'f'/],
    ['https://puzz.link/p?shakashaka/0/2/j', /1:32: expected 1 to 50 columns/],
    ['. .\n. 5', /2:3: unexpected '5'; expected '\.' for a white cell/],
    ['. .\n.', /2:2: expected 2 cells/],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => shakashaka.parse(text)).toThrow(message)
  })

  it('reads, judges and draws boards larger than newspapers have, and of one row', () => {
    const large = shakashaka.parse('https://puzz.link/p?shakashaka/17/17/zzzzzzzzzzzzzzo')
    expect(shakashaka.parse(shakashaka.toUrl(large))).toEqual(large)
    expect(shakashaka.toText(large).split('\n')).toHaveLength(35)
    expect(shakashaka.encode(large).tokens).toHaveLength(17 * 17)
    const strip = shakashaka.parse('. . . x . . 1 . . . . .')
    expect(shakashaka.size(strip)).toEqual({ rows: 1, cols: 12 })
    expect(shakashaka.encode(strip)).toMatchObject({ rows: 1, columns: 12 })
  })
})

describe('pictures', () => {
  const [puzzle, answer] = board('◢◣3#', '◥◤.?')

  it('shows triangles, walls, numbers, dots and marks in text', () => {
    const violations = [{ rule: 'any', cells: [0, 2, 6] }]
    const lines = shakashaka.toText(puzzle, answer, { violations }).split('\n')
    expect(lines[1]).toBe('┃!◢!│ ◣ │!3!│███┃')
    expect(lines[3]).toBe('┃ ◥ │ ◤ │!·!│   ┃')
  })

  it('draws half squares with the right angle where the token says', () => {
    const shapes = [...shakashaka.toSvg(puzzle, answer).matchAll(/points="([^"]+)"/g)].map(
      ([, points]) => points,
    )
    // Cells at (4, 4), (44, 4), (4, 44), (44, 44), 40 wide.
    expect(shapes).toEqual(['4,44 44,44 44,4', '44,44 84,44 44,4', '44,84 44,44 4,44', '44,84 84,44 44,44'])
  })
})
