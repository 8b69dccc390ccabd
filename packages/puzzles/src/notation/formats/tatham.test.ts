/** IDs and saves of Light Up and Solo, of random boards; other games are named. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { puzzlesOf } from '../../../test/boards.ts'
import { throwsOnlyParseErrors } from '../../../test/parse-errors.ts'
import { tell } from '../../../test/tell.ts'
import type { AnyKind } from '../../kind.ts'
import { kindNamed } from '../../registry.ts'

const lightup: AnyKind = kindNamed('lightup')
const sudoku: AnyKind = kindNamed('sudoku')

/** Cells as these games spell them: runs of blanks as letters, with `between` two numbers. */
function describeCells(cells: readonly string[], between: string): string {
  const runs = cells
    .join('')
    .replaceAll(
      /\.+/g,
      (run) =>
        'z'.repeat(Math.floor(run.length / 26)) +
        (' abcdefghijklmnopqrstuvwxy'[run.length % 26] ?? '').trim(),
    )
  return between === '' ? runs : runs.replaceAll(/(?<=\d)(?=\d)/g, between)
}

const lamps = fc.sample(puzzlesOf(lightup, 17, 2), { seed: 18, numRuns: 60 }).map((puzzle) => {
  const { rows, cols } = lightup.size(puzzle)
  const cells = lightup.toGrid(puzzle).replace('lightup\n', '').replaceAll('x', 'B').split(/\s+/)
  return { puzzle, size: `${cols}x${rows}`, description: describeCells(cells, '') }
})
const digits = fc.sample(puzzlesOf(sudoku), { seed: 19, numRuns: 40 }).map((puzzle) => ({
  puzzle,
  description: describeCells(sudoku.toGrid(puzzle).split(/\s+/), '_'),
}))

const save = (game: string, parameters: string, description: string, ...moves: string[]) =>
  [
    ['SAVEFILE', "Simon Tatham's Portable Puzzle Collection"],
    ['VERSION', '1'],
    ['GAME', game],
    ['PARAMS', '9x9b20s4d0'],
    ['CPARAMS', parameters],
    ['DESC', description],
    ['NSTATES', String(moves.length + 1)],
    ['STATEPOS', '1'],
    ...moves.map((move) => ['MOVE', move]),
  ].map(([key = '', value = '']) => `${key.padEnd(8)}:${value.length}:${value}`)

const ID = '3x2:aB2c'
const URL = lightup.toUrl(lightup.parse('lightup\n. x 2\n. . .'))

describe('Light Up', () => {
  it('is read by IDs, links and saves', () => {
    for (const { puzzle, size, description } of lamps) {
      for (const text of [
        `${size}:${description}`,
        `${size}b20s4d1:${description}`,
        `https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/lightup.html#${size}b20s2d0:${description}`,
        `- <https://example.org/js/lightup.html#${size}%3A${description}>`,
        save('Light Up', `${size}b20s4d2`, description, 'L0,1', 'I2,2').join('\n'),
      ])
        expect(tell(text), text).toMatchObject({ puzzles: [puzzle], errors: [], left: [] })
    }
  })

  it('is told where nothing but the description says so', () => {
    expect(tell(ID)).toMatchObject({
      urls: [URL],
      notes: ["taken for an ID of lightup in Simon Tatham's collection"],
    })
    expect(tell(save('Light Up', '3x2', 'aB2c').join('\n')).notes).toEqual([])
  })
})

describe('Solo', () => {
  it('is read by IDs, links and saves', () => {
    for (const { puzzle, description } of digits)
      for (const text of [
        `3x3:${description}`,
        `3x3m8db:${description}`,
        `https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/solo.html#3x3du:${description}`,
        save('Solo', '3x3du', description, 'R0,0,1').join('\n'),
      ])
        expect(tell(text), text).toMatchObject({ puzzles: [puzzle], errors: [], left: [] })
  })

  it.each([
    ['2x3', 'zj', '2x3'],
    ['4x4', `${'z'.repeat(9)}v`, '4x4'],
    ['9j', 'zzzc,abc', '9j'],
    ['3x3j', 'zzzc,abc', '3x3j'],
    ['3x3k', 'zzzc,abc,def', '3x3k'],
    ['3x3xda', 'zzzc', '3x3xda'],
  ])('of another kind, %s, is refused', (parameters, description, named) => {
    const reason = `1:1: a Sudoku '${named}': only plain 9x9, '3x3', is read`
    expect(tell(`${parameters}:${description}`).errors).toEqual([reason])
    expect(tell(save('Solo', parameters, description).join('\n')).errors).toEqual([
      reason.replace('1:1', `5:${11 + String(parameters.length).length}`),
    ])
  })
})

describe('a save', () => {
  const lines = save('Light Up', '3x2', 'aB2c', 'L0,0')

  it.each([
    ['the end of the text', [], []],
    ['a blank line', ['', '. . x'], [11]],
    ['a line of another form', ['. . x'], [10]],
  ])('ends with %s', (_, behind, left) => {
    expect(tell([...lines, ...behind].join('\n'))).toMatchObject({ urls: [URL], errors: [], left })
  })

  it('may follow another', () => {
    expect(tell([...lines, ...lines].join('\n'))).toMatchObject({ urls: [URL, URL], errors: [] })
  })

  it.each([
    [
      'of another game',
      save('Loopy', '3x3', 'abc'),
      '3:12: a game of Loopy: of this collection, Light Up and Solo are read',
    ],
    ['without a game', lines.slice(0, 2), "1:1: the save ends early: expected a line 'GAME'"],
    ['without a board', lines.slice(0, 5), "1:1: the save ends early: expected a line 'DESC'"],
    [
      'with half a line',
      [...lines.slice(0, 5), lines[5]!.slice(0, -1)],
      "6:15: expected 4 characters in 'DESC', found 3",
    ],
    ['with cells too few', save('Light Up', '3x2', 'aB2b'), '6:16: expected 6 cells, found 5'],
    ['with a strange cell', save('Light Up', '3x2', 'aB7c'), "6:14: unexpected '7'; expected a-z, B or 0-4"],
    [
      'with a strange size',
      save('Light Up', 'six', 'aB7c'),
      "5:12: expected a size such as '7x7', found 'six'",
    ],
    ['with a digit too large', save('Solo', '3x3', '12zzzb'), /^6:\d+: unexpected '12'/],
  ])('%s is refused once', (_, save, error) => {
    expect(tell(save.join('\n'))).toMatchObject({
      urls: [],
      errors: [typeof error === 'string' ? error : expect.stringMatching(error)],
    })
  })
})

describe('an ID', () => {
  it.each([
    ['of a seed', '7x7b20s4d0#123456789', /^1:1: a random seed, .*'Specific'/],
    ['of a seed in a link', 'https://example.org/lightup.html#7x7b20s4d0%23123', /^1:34: a random seed/],
    [
      'of another game',
      '4x4:12345abc',
      /fits no game that is read: of this collection, Light Up and Solo are read/,
    ],
    [
      'of another game in a link',
      'https://example.org/js/loopy.html#5x5t0:a1b2',
      /^1:24: a game of loopy: of this collection/,
    ],
    ['cut short', '3x2:aB2b', /fits no game that is read/],
  ])('%s is refused once', (_, text, error) => {
    expect(tell(text)).toMatchObject({ urls: [], errors: [expect.stringMatching(error)], left: [] })
  })

  it('is none of these', () => {
    for (const line of [
      '12:30',
      '9x9:',
      '6x6',
      `3x3:${'.'.repeat(81)}`,
      'Grid 3x3: no',
      '{"url":"a.html#3x3:a"}',
    ])
      expect(tell(line)).toMatchObject({ urls: [], errors: [], left: [1] })
  })
})

it('throws nothing but parse errors, whatever is cut off or changed', () => {
  const texts = [
    ID,
    save('Solo', '3x3du', 'a1_2zzzb', 'R1').join('\n'),
    'https://a.org/lightup.html#3x2:aB2c',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.string({ maxLength: 3 }), (text, place, other) => {
      const at = place % text.length
      throwsOnlyParseErrors(() => tell(text.slice(0, at)))
      throwsOnlyParseErrors(() => tell(text.slice(0, at) + other + text.slice(at + 1)))
    }),
    { numRuns: 500 },
  )
})
