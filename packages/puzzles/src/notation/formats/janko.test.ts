/** Texts of janko.at, of all kinds, whole and cut short. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { puzzlesOf } from '../../../test/boards.ts'
import { throwsOnlyParseErrors } from '../../../test/parse-errors.ts'
import { samplesOf } from '../../../test/samples.ts'
import { tell } from '../../../test/tell.ts'
import type { AnyKind } from '../../kind.ts'
import { kindNamed, kinds } from '../../registry.ts'

const AKARI = kindNamed('lightup').toUrl(kindNamed('lightup').parse('lightup\n. x 2\n. . .'))
const TEXT = [
  'begin',
  'puzzle akari',
  'rows 2',
  'cols 3',
  'problem',
  '- x 2',
  '- - -',
  'solution',
  'o x 2',
  '- - o',
  'end',
]

/** How the site spells an answer's tokens, from 1. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  lightup: ['-', 'o'],
  shakashaka: ['-', 'sw', 'se', 'ne', 'nw'],
}

/** A puzzle as the site spells it, out of our own text grid. */
function textOf(kind: AnyKind, puzzle: unknown, solution?: Uint8Array): string[] {
  const { rows, cols } = kind.size(puzzle)
  const grid = kind.toGrid(puzzle).replace(`${kind.name}\n`, '').split('\n')
  const cells = grid.map((row) => row.replace(/,$/, '').trim().split(/\s+/))
  const isRooms = kind.name === 'heyawake'
  const problem = cells.map((row) => row.map((cell) => (isRooms ? cell.replace(/^[a-z]+/, '') : cell)))
  const spelled = problem.map((row) => row.map((cell) => spell(kind.name, cell)).join(' '))
  const areas = isRooms
    ? ['[areas]', ...cells.map((row) => row.map((cell) => /^[a-z]+/.exec(cell)![0]).join(' '))]
    : []
  const words = ANSWERS[kind.name] ?? ['-', 'x']
  const answer = Array.from(solution ?? [], (token) =>
    kind.name === 'sudoku' ? String(token) : (words[token - 1] ?? '-'),
  )
  const solved = Array.from({ length: solution ? rows : 0 }, (_, row) =>
    answer.slice(row * cols, (row + 1) * cols).join(' '),
  )
  return [
    '[begin]',
    `puzzle ${kind.name === 'lightup' ? 'akari' : kind.name}`,
    'author Nobody',
    'source https://puzz.link/p?akari/1/1/g',
    `rows ${rows}`,
    `cols ${cols}`,
    '[problem]',
    ...spelled,
    ...areas,
    ...(solution ? ['[solution]', ...solved] : []),
    '[moves]',
    'Z2;ba,2;aa,4;ab,3;',
    '[end]',
  ]
}

function spell(kind: string, cell: string): string {
  if (cell === '.' || cell === '') return '-'
  return kind === 'tapa' ? cell.replaceAll('?', '9') : cell
}

describe.each([...kinds.values()])('$name', (kind) => {
  it('reads random boards', () => {
    const puzzles = fc.sample(puzzlesOf(kind, 12), { seed: 17, numRuns: 40 })
    const text = puzzles.flatMap((puzzle) => textOf(kind, puzzle))
    expect(tell(text.join('\n'))).toMatchObject({ puzzles, errors: [], left: [] })
  })

  it('reads samples with their solutions', () => {
    for (const { puzzle, solution } of samplesOf(kind, 20))
      expect(tell(textOf(kind, puzzle, solution as Uint8Array).join('\n'))).toMatchObject({
        puzzles: [puzzle],
        solutions: [solution],
        errors: [],
      })
  })

  it('throws nothing but parse errors, whatever is cut off or changed', () => {
    const { puzzle, solution } = samplesOf(kind)[0]!
    const text = textOf(kind, puzzle, solution as Uint8Array).join('\n')
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, other) => {
        throwsOnlyParseErrors(() => tell(text.slice(0, at)))
        throwsOnlyParseErrors(() => tell(text.slice(0, at) + other + text.slice(at + 1)))
      }),
    )
  })
})

describe('a text', () => {
  it('has a title and a source for the puzzle', () => {
    const { ids } = tell(TEXT.toSpliced(2, 0, 'title Lamps').join('\n'))
    expect(ids).toEqual(['Lamps'])
  })

  it('may leave out its size, its numbers and its solution', () => {
    const bare = TEXT.filter((line) => !/^(?:rows|cols)/.test(line)).toSpliced(5, 3)
    expect(tell(bare.join('\n'))).toMatchObject({ urls: [AKARI], solutions: [] })
    const rooms = ['begin', 'puzzle heyawake', 'size 2', 'areas', '1 1', '2 1', 'end']
    expect(tell(rooms.join('\n'))).toMatchObject({
      urls: ['https://puzz.link/p?heyawake/2/2/8gh'],
      errors: [],
    })
  })

  it('has rooms that share a letter where they do not touch', () => {
    const rooms = [
      'begin',
      'puzzle heyawake',
      'rows 1',
      'cols 3',
      'problem',
      '1 - 0',
      'areas',
      'a b a',
      'end',
    ]
    expect(tell(rooms.join('\n'))).toMatchObject({
      urls: ['https://puzz.link/p?heyawake/3/1/o1g0'],
      errors: [],
    })
  })

  it.each([
    ['the end of the text', [], [], []],
    ['a blank line and another text', ['', '. . x'], [12], []],
    ['a blank line and a name', ['', 'lightup'], [12], []],
    ['a URL', ['https://puzz.link/p?akari/1/1/g'], [11], []],
    ['JSON', ['{"url":"no"}'], [11], []],
    ['a line that starts with no word', ['moves', 'aa,1;', '81.1'], [13], []],
    ['keys, whatever stands between', ['', 'moves', 'aa,1;', '', 'info more'], [], []],
    [
      'what no key tells',
      ['moves', 'not a move', ''],
      [],
      ["1:1: this text of janko.at has no 'end': lines 1 to 12 were taken for it"],
    ],
  ])('without an end goes up to %s', (_, behind, left, errors) => {
    expect(tell([...TEXT.slice(0, -1), ...behind].join('\n'))).toMatchObject({ urls: [AKARI], left, errors })
  })

  it('takes no other lines along', () => {
    for (const first of [[], ['puzzle akari', 'problem']]) {
      const { left, puzzles } = tell(['begin', ...first, ...Array(200).fill('53..7'.repeat(16))].join('\n'))
      expect(puzzles).toEqual([])
      expect(left.length).toBeGreaterThan(148)
    }
  })

  it('never has rows from both sides of a blank line', () => {
    const text = ['begin', 'puzzle akari', 'rows 2', 'cols 3', 'problem', '- x 2', '', '. . .']
    expect(tell(text.join('\n'))).toMatchObject({
      puzzles: [],
      errors: ['6:6: the text of janko.at ends early: expected row 2 of 2 of the board'],
      left: [8],
    })
  })

  const swap = (at: number, ...lines: string[]) => TEXT.toSpliced(at, 1, ...lines)
  it.each([
    [
      'names no puzzle',
      swap(1),
      "1:1: this text of janko.at names no puzzle: expected a line such as 'puzzle akari'",
    ],
    ['names an unknown kind', swap(1, 'puzzle yajilin'), "2:8: no puzzle kind 'yajilin'"],
    [
      'is a variant',
      swap(1, 'puzzle akari, mirrored'),
      "2:15: a variant, 'mirrored': only the plain kind is read",
    ],
    [
      'has options',
      swap(1, 'puzzle akari', 'options hex'),
      "3:9: a variant, 'hex': only the plain kind is read",
    ],
    ['has areas of no use', swap(10, 'areas', '1 1 1', 'end'), '12:1: areas: only the plain kind is read'],
    ['has no grid', TEXT.slice(0, 4), "4:1: this text of janko.at has no grid: expected one below 'problem'"],
    ['has a row too many', swap(6, '- - -', '- - -'), "8:1: expected 2 rows below 'problem', found 3"],
    ['has a row too few', swap(6), '6:6: the text of janko.at ends early: expected row 2 of 2 of the board'],
    ['has a cell too many', swap(6, '- - - -'), '7:7: expected 3 cells in row 2 of the board, found 4'],
    ['has a bad cell', swap(6, '- # -'), "7:3: unexpected '#'; expected '-', 'x' or a number 0-4"],
    ['has a bad solution', swap(8, '# x 2'), "9:1: unexpected '#' in the solution; expected '-', 'o'"],
  ])('that %s is refused once', (_, lines, error) => {
    expect(tell(lines.join('\n'))).toMatchObject({ puzzles: [], errors: [error] })
  })

  it('of a kind of another size is refused', () => {
    const text = ['begin', 'puzzle sudoku', 'size 4', 'problem', ...Array(4).fill('- - 3 1'), 'end']
    expect(tell(text.join('\n')).errors).toEqual(['5:1: a Sudoku of 4x4: only plain 9x9 is read'])
  })
})
