/** Saves that pzpr itself writes read as the same boards; what is none is told once. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankAnswer, openCells, puzzlesOf, tokensOf } from '../../../test/boards.ts'
import { throwsOnlyParseErrors } from '../../../test/parse-errors.ts'
import { PzprBoard } from '../../../test/pzpr.ts'
import { supportOf } from '../../../test/support.ts'
import { tell } from '../../../test/tell.ts'
import type { AnyKind } from '../../kind.ts'
import { kinds } from '../../registry.ts'
import { pzprv3 } from './pzprv3.ts'

const known = [...kinds.values()].filter((kind) => supportOf(kind).pzpr)
const HOW = ['bare', 'history', 'trial'] as const

/** Random puzzles as pzpr saves them, half solved at random. */
function savesOf(kind: AnyKind, count: number): { readonly save: string; readonly puzzle: unknown }[] {
  return fc.sample(puzzlesOf(kind, 12), { seed: 16, numRuns: count }).map((puzzle, i) => {
    const answer = blankAnswer(kind, puzzle)
    for (const cell of openCells(kind, puzzle))
      answer[cell] = ((cell * 7 + i) % (tokensOf(kind).length + 1)) % 256
    const pzpr = new PzprBoard(kind, kind.toUrl(puzzle))
    return { save: pzpr.save(answer, HOW[i % 3]!), puzzle: pzpr.puzzle }
  })
}

const LIGHTUP = ['pzprv3', 'lightup', '2', '3', '# . 2 ', '- + . ']
const LIGHTUP_URL = 'https://puzz.link/p?akari/3/2/h2.h'
const SUDOKU_ROW = '5 2 . . . . . . 7 '
const SUDOKU = [
  'pzprv3.1',
  'sudoku',
  '9',
  ...Array(9).fill(SUDOKU_ROW),
  ...Array(9).fill('. . 1 2 3 4 5 6 . '),
]

describe.each(known)('saves of $name', (kind) => {
  const saves = savesOf(kind, 60)

  it('read as pzpr reads them', () => {
    for (const { save, puzzle } of saves) {
      expect(tell(save), save).toMatchObject({ puzzles: [puzzle], errors: [], left: [] })
      // pzpr fails on its own saves of Sudokus on trial.
      if (!save.includes('Trial')) expect(new PzprBoard(kind, save).puzzle).toEqual(puzzle)
    }
  })

  it('read as URLs, plain and escaped, with whatever stands around them', () => {
    for (const { save, puzzle } of saves.slice(0, 6).filter((_, i) => i % 3 === 0)) {
      const slashed = save.replaceAll('\n', '/')
      for (const url of [
        slashed,
        `?${slashed}`,
        `https://puzz.link/p?${slashed}`,
        `- http://pzv.jp/p.html?type=editor&${slashed}`,
        `[a link](https://puzz.link/p?${slashed})`,
        `https://puzz.link/p?${encodeURI(slashed)}`,
        `https://puzz.link/p?${encodeURIComponent(slashed)}`,
      ])
        expect(tell(url), url).toMatchObject({ puzzles: [puzzle], errors: [], left: [] })
    }
  })

  it('read one after the other, whatever stands between them', () => {
    const some = saves.slice(0, 9)
    for (const between of ['\n', '\n\n', `\n${LIGHTUP.join('\n')}\n`]) {
      const { urls, errors, left } = tell(some.map(({ save }) => save).join(between))
      expect(errors).toEqual([])
      expect(urls.filter((url) => url !== LIGHTUP_URL)).toEqual(some.map(({ puzzle }) => kind.toUrl(puzzle)))
      expect(left).toEqual([])
    }
  })

  it('throw nothing but parse errors, whatever is cut off or changed', () => {
    const cases = fc.tuple(fc.constantFrom(...saves), fc.nat(), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(cases, ([{ save }, place, text]) => {
        const at = place % save.length
        for (const bad of [save.slice(0, at), save.slice(0, at) + text + save.slice(at + 1)]) {
          throwsOnlyParseErrors(() => tell(bad))
          throwsOnlyParseErrors(() => tell(bad.replaceAll('\n', '/')))
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('where a save ends', () => {
  it.each([
    ['the end of the text', [], []],
    ['a blank line', ['', '. . x'], [8]],
    ['a URL below it, as old saves have', ['http://pzv.jp/p.html?akari/3/2/h2.h'], [7]],
    ['a row of a text grid', ['. x .'], [7]],
    ['a name', ['lightup', '. x .'], [7, 8]],
    ['JSON', ['{"url":"..."}'], [7]],
    ['dots that were crossed out', ['. - . ', '. . . ', '', 'x'], [10]],
    ['a history', ['', 'history:{', ' "type": "pzpr {"', '}', '. x .'], [11]],
    ['other facts', ['', 'info:{"metadata":{"comment":"}}"}}', '. x .'], [9]],
    ['trials', ['TrialData(2)', ...LIGHTUP.slice(4), 'TrialData(1)', ...LIGHTUP.slice(4), '', 'x'], [14]],
  ])('%s', (_, behind, left) => {
    expect(tell([...LIGHTUP, ...behind].join('\n'))).toMatchObject({ urls: [LIGHTUP_URL], errors: [], left })
  })

  it('is told where a history has none, from which line to which', () => {
    const told = tell([...LIGHTUP, '', 'history:{', '. x .', '', '. . .'].join('\n'))
    expect(told.urls).toEqual([LIGHTUP_URL])
    expect(told.errors).toEqual([
      '8:1: the history of this pzprv3 file has no end: lines 8 to 11 were taken for it',
    ])
  })

  it('is known in a text with a blank line after each', () => {
    const text = [...SUDOKU, '. x .'].join('\n\n')
    expect(tell(text)).toMatchObject({ urls: [expect.stringContaining('sudoku')], errors: [], left: [43] })
  })

  it('of an unknown kind is a blank line, or a line that is no row', () => {
    const unknown = ['pzprv3', 'slither', '2', '2', '0 1 ', '. 3 ', '1 -1 1 ', '0 0 0 ']
    for (const line of ['', 'lightup', 'https://puzz.link/p?akari/3/2/h2.h', '.'.repeat(81)])
      expect(tell([...unknown, line].join('\n'))).toMatchObject({
        errors: ["2:1: no puzzle kind 'slither'"],
        left: line === '' ? [] : [9],
      })
  })
})

describe('a save that is refused', () => {
  const swap = (lines: readonly string[], at: number, ...others: string[]) =>
    lines.toSpliced(at, 1, ...others)
  it.each([
    ['without a kind', ['pzprv3'], '1:7: the pzprv3 file ends early: expected the name of a kind'],
    ['without a size', ['pzprv3', 'tapa', '3'], '3:2: the pzprv3 file ends early: expected the size'],
    ['too large', swap(LIGHTUP, 2, '51'), "3:1: expected 1 to 50 rows, found '51'"],
    ['of another version', ['pzprv4', 'tapa'], "1:1: a pzprv4 file: of pzpr's files, only pzprv3 is read"],
    ['cut short', LIGHTUP.slice(0, 5), '5:6: the pzprv3 file ends early: expected row 2 of 2 of the board'],
    [
      'with a cell too many',
      swap(LIGHTUP, 4, '# . 2 .'),
      '5:7: expected 3 cells in row 1 of the board, found 4',
    ],
    ['with a cell too few', swap(LIGHTUP, 5, '- +'), '6:4: expected 3 cells in row 2 of the board, found 2'],
    [
      'with a bad cell',
      swap(LIGHTUP, 4, '# 7 2 '),
      "5:3: unexpected '7'; expected '.', '#', '+', '-' or a number 0-4",
    ],
    [
      'of another size',
      ['pzprv3', 'sudoku', '2', '1 .', '. .'],
      '4:1: a Sudoku of 2x2: only plain 9x9 is read',
    ],
    ['with a ? in a Sudoku', swap(SUDOKU, 3, '- 2 . . . . . . 7'), /^4:1: unexpected '-'/],
    [
      'with two numbers in a room',
      ['pzprv3', 'heyawake', '1', '2', '1', '0 0', '1 1', '. .'],
      '7:3: a second number in the room of row 1, column 2: expected one',
    ],
    ['with a clue that can’t be', ['pzprv3', 'tapa', '1', '1', '4,4,4'], /^5:1: unexpected '4,4,4'/],
    [
      'with more behind the board',
      [`${LIGHTUP.join('/')}/1 2 x/`],
      "1:34: the pzprv3 file goes on after its board: found '1 2 x'",
    ],
  ])('%s', (_, lines, error) => {
    const { errors, puzzles } = tell(lines.join('\n'))
    expect(puzzles).toEqual([])
    expect(errors).toEqual([error instanceof RegExp ? expect.stringMatching(error) : error])
  })

  it('of a kind that has no such form', () => {
    const [saved] = (() => {
      const reader = pzprv3.start(() => undefined)
      for (const [i, text] of LIGHTUP.entries()) reader.push({ text, where: { line: i + 1, column: 1 } })
      return reader.end()
    })()
    const bare = { ...kinds.get('lightup')!.notation, saved: undefined }
    expect(() => saved!.read(bare)).toThrow(
      "a pzprv3 file of lightup: expected the puzzle's URL or a text grid",
    )
  })
})

it('leaves lines alone that only speak of it', () => {
  for (const line of [
    'pzprv3x',
    'a pzprv3 file',
    '{"url":"https://puzz.link/p?pzprv3/tapa/1/1/."}',
    'a,https://p?pzprv3/tapa/1/1/.',
  ])
    expect(pzprv3.opens(line, 'sudoku')).toBe(false)
})
