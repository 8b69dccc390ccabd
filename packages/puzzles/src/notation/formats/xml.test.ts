/** Sudokus in XML, of OpenSudoku and its like. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { puzzlesOf } from '../../../test/boards.ts'
import { throwsOnlyParseErrors } from '../../../test/parse-errors.ts'
import { tell } from '../../../test/tell.ts'
import { kindNamed } from '../../registry.ts'

const sudoku = kindNamed('sudoku')
const puzzles = fc.sample(puzzlesOf(sudoku), { seed: 20, numRuns: 5 })
const lineOf = (puzzle: unknown) => [...(puzzle as { givens: Uint8Array }).givens].join('')
const LINES = puzzles.map(lineOf)
const game = (line: string, rest = '') => `<game ${rest}data="${line}"/>`

const FILE = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<opensudoku>',
  '  <name>Some &lt;easy&gt; ones</name>',
  ...LINES.map((line) => `  ${game(line)}`),
  '</opensudoku>',
]

describe('a file of OpenSudoku', () => {
  it.each([
    ['one line a game', FILE],
    ['all on one line', [FILE.join('')]],
    ['without a declaration', FILE.slice(1)],
    [
      'with folders and other attributes',
      FILE.map((line) =>
        line
          .replace('<game ', '<game created="1" state="2" ')
          .replace('  <name>', '<folder name="a">')
          .replace('</name>', '</folder>'),
      ),
    ],
    ['with quotes of the other kind', FILE.map((line) => line.replaceAll('"', "'"))],
    [
      'with tags over several lines',
      FILE.flatMap((line) => line.replace('<game ', '<game\n').replace('/>', '\n></game>').split('\n')),
    ],
    [
      'with comments and other declarations',
      [
        '<?xml version="1.0"?>',
        '<!DOCTYPE opensudoku>',
        '<!-- <game data="1"/>',
        '-->',
        '<opensudoku><![CDATA[<game]]>',
        ...FILE.slice(3),
      ],
    ],
    [
      'of another name',
      FILE.map((line) => line.replace('opensudoku', 'onegravitysudoku').replace('<game', '<sudoku')),
    ],
  ])('%s', (_, lines) => {
    expect(tell(lines.join('\n'))).toMatchObject({ puzzles, errors: [], left: [] })
    expect(tell([...lines, '', LINES[0]].join('\n'))).toMatchObject({ puzzles, left: [lines.length + 2] })
  })

  it('holds games that were begun: what a player put there is left out', () => {
    const cells = (notes: string) =>
      [...LINES[0]!]
        .map((digit, i) => (digit === '0' ? `${i % 10}|${notes}|1|` : `${digit}|${notes}|0|`))
        .join('')
    const spelled = [
      `version: 1&#10;${cells('1,2,')}`,
      `version: 1\n${cells('-')}`,
      `version: 2&#10;${cells('12|')}`,
      `version: 3&#10;${cells('0')}`,
      `version: 4&#10;${cells('0|7')}`,
    ]
    for (const data of spelled)
      expect(tell(`<opensudoku version="2">${game(data)}</opensudoku>`), data).toMatchObject({
        puzzles: [puzzles[0]],
        errors: [],
      })
    const second = `<opensudoku2><game cells_data="${spelled[4]}"/></opensudoku2>`
    expect(tell(second)).toMatchObject({ puzzles: [puzzles[0]], errors: [] })
  })

  it('names each bad game, and reads the others', () => {
    const bad = FILE.with(4, '  <game data="12"/>').with(6, '  <game data="version: 1&#10;1|0|0|"/>')
    const { puzzles: read, errors } = tell(bad.join('\n'))
    expect(read).toEqual([puzzles[0], puzzles[2], puzzles[4]])
    expect(errors).toEqual(['5:16: expected 81 cells, found 2', '7:15: expected 81 cells, found 1'])
  })

  it.each([
    ['cut short', FILE.slice(0, 5), '1:1: the XML has no end: lines 1 to 5 were taken for it', 2, []],
    [
      'cut in a tag',
      [...FILE.slice(0, 4), '  <game data="12'],
      '5:3: the XML has no end: lines 1 to 5 were taken for it',
      1,
      [],
    ],
    [
      'cut short before a URL',
      [...FILE.slice(0, 4), '', 'https://puzz.link/p?akari/1/1/g'],
      '1:1: the XML has no end: lines 1 to 4 were taken for it',
      1,
      [6],
    ],
    [
      'with more on its last line',
      [...FILE.slice(0, -1), '</opensudoku> 12'],
      "9:15: behind the XML stands '12': expected a line of its own",
      5,
      [],
    ],
  ])('%s gives what it has, and one error', (_, lines, error, count, left) => {
    const told = tell(lines.join('\n'))
    expect(told).toMatchObject({ errors: [error], left })
    expect(told.puzzles).toEqual(puzzles.slice(0, count))
  })
})

it.each([
  [
    'that closes what it never opened',
    ['<?xml version="1.0"?>', '  name>An example</name>'],
    /^2:18: the XML closes 'name', which it never opened$/,
  ],
  [
    'Kanpen’s',
    ['<?xml version="1.0"?>', '<puzzle type="sudoku"><size row="9" col="9"/>', '</puzzle>'],
    /^2:2: XML of 'puzzle': expected a file of OpenSudoku/,
  ],
  ['any other', ['<?xml version="1.0"?>', '<svg><a/></svg>'], /^2:2: XML of 'svg': expected/],
  [
    'an endless tag',
    ['<?xml version="1.0"?>', `<svg a="${'b'.repeat(100_001)}`],
    /^2:1: the XML has a tag without end/,
  ],
])('%s XML is refused once', (_, lines, error) => {
  expect(tell(lines.join('\n'))).toMatchObject({
    puzzles: [],
    errors: [expect.stringMatching(error)],
    left: [],
  })
})

it('leaves other angle brackets alone', () => {
  for (const line of [
    '<https://puzz.link/p?akari/1/1/g>',
    '<a href="https://puzz.link/p?akari/1/1/g">',
    '< .',
  ])
    expect(tell(line).left).toEqual([1])
})

it('throws nothing but parse errors, whatever is cut off or changed', () => {
  const text = FILE.join('\n')
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, other) => {
      throwsOnlyParseErrors(() => tell(text.slice(0, at)))
      throwsOnlyParseErrors(() => tell(text.slice(0, at) + other + text.slice(at + 1)))
    }),
    { numRuns: 300 },
  )
})
