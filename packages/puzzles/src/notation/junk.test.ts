/**
 * Whatever stands around and between puzzles: the reader returns exactly the boards put in, and errors for the rest, never
 * another board. `PTRM_READER_CASES=1000000` runs a million cases.
 */
import { expect, it } from 'vitest'
import { samplesOf } from '../../test/samples.ts'
import { kinds } from '../registry.ts'
import { AnyReader } from './any-reader.ts'
import { itemsOf } from './whole-text.ts'

const CASES = Number(process.env['PTRM_READER_CASES'] ?? 100_000)

/** Numbers from 0 to 1 that a seed fixes: mulberry32, quicker than fast-check's by far. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A puzzle in one spelling. */
interface Spelling {
  readonly url: string
  readonly lines: readonly string[]
  /** Lines of it that may take words in front and behind. */
  readonly isFree?: boolean
}

const cellsOf = (row: string) => row.split(/ +/)

/** A text grid in the spellings that all kinds have, below its kind's name. */
function gridSpellings(name: string, rows: readonly (readonly string[])[]): string[][] {
  const blank = (cell: string) => (cell === '.' ? '' : cell)
  // Letters are never blank, and a row of nothing but delimiters is a frame to some.
  const isEmptiable = name !== 'heyawake'
  const fields = (mark: string) => rows.map((row) => (isEmptiable ? row.map(blank) : row).join(mark))
  const framed = rows.map((row) => `| ${row.join(' | ')} |`)
  return [
    rows.map((row) => row.join(' ')),
    rows.map((row) => row.join('\t')),
    fields('\t'),
    fields(','),
    fields(';'),
    ['```text', ...rows.map((row) => row.join(' ')), '```'],
    rows.map((row) => `> ${row.join(' ')}`),
    rows.map((row) => row.join(',')),
    ['+---+---+', ...framed, '+---+---+'],
    rows.map((row) => `|${(isEmptiable ? row.map(blank) : row).map((cell) => ` ${cell} `).join('|')}|`),
  ].map((lines) => [name, ...lines])
}

const spellings: Spelling[] = [...kinds.values()].flatMap((kind) =>
  samplesOf(kind, 15).flatMap(({ puzzle, url, solution }) => {
    const grid = kind.toGrid(puzzle).split('\n')
    const rows = (grid[0] === kind.name ? grid.slice(1) : grid).map(cellsOf)
    const answer = kind.answerToLine(puzzle, solution)
    const line = rows.flat().join('')
    return [
      ...gridSpellings(kind.name, rows).map((lines) => ({ url, lines })),
      { url, lines: [url], isFree: true },
      { url, lines: [JSON.stringify({ id: 7, url, solution: answer })] },
      { url, lines: JSON.stringify([{ url }], undefined, 2).split('\n') },
      { url, lines: ['id,url', `1,${url}`] },
      { url, lines: [url.replace(/^.*\?/, '')], isFree: true },
      ...(kind.name === 'sudoku'
        ? [
            { url, lines: ['sudoku', line] },
            {
              url,
              lines: [
                'sudoku',
                ...rows.flatMap((row, i) => (i % 3 === 0 && i > 0 ? ['', row.join('')] : [row.join('')])),
              ],
            },
            { url, lines: ['sudoku', ...rows.map((row) => row.join('').replaceAll('.', '-'))] },
            { url, lines: ['sudoku', ...rows.map((row) => row.join(''))] },
          ]
        : []),
    ]
  }),
)

const BEFORE = ['', '', '- ', '1. ', '* see ', '"', '(', '<', 'Puzzle 7: ', '[name](', '> ']
const BEHIND = ['', '', ' # a remark', '"', ')', '>', ' rated 8.3', ' by A. B.', ', nice']
/** Lines that are no puzzle, no row of one, and open nothing. */
const JUNK = [
  'Dear reader,',
  'A puzzle by somebody',
  'hello',
  '*** 3 ***',
  'level: 5/10 (hard)',
  '2012-03-04 10:20',
  'https://example.com/index.html',
  'https://puzz.link/p?yajilin/8/8/z',
  '{"url":',
  '"unfinished',
  'x = 7; y = 8',
  '81',
  '12345',
  'kakuro, futoshiki and others',
  '<p>Text</p>',
]
const WORDS = JUNK.filter((line) => /^\p{L}{3}/u.test(line) && !/https|;/.test(line))
const NOTHING = ['', '', '  ', '# a comment', '// another', '']

function urlsOf(text: string): string[] {
  return [...itemsOf(new AnyReader(), text)].map((item) =>
    'error' in item ? '' : item.kind.toUrl(item.puzzle),
  )
}

const shown = (text: string) => `\n${text}\n`

it(`returns the boards put in and no other, in ${CASES} texts`, { timeout: 3_600_000 }, () => {
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const lines: string[] = []
    const wanted: string[] = []
    let junk = 0
    const count = 1 + Math.floor(random() * 3)
    for (let i = 0; i < count; i++) {
      const { url, lines: spelled, isFree } = pick(spellings)
      const isWrapped = isFree && random() < 0.6
      lines.push(...(isWrapped ? [pick(BEFORE) + spelled[0] + pick(BEHIND)] : spelled))
      wanted.push(url)
      // A grid ends with a blank line; only lines with words may stand right below it.
      if (random() < 0.2) {
        lines.push((spelled.at(-1)!.startsWith('> ') ? '> ' : '') + pick(WORDS))
        junk++
      }
      lines.push('')
      while (random() < 0.4) lines.push(pick(NOTHING))
      while (random() < 0.3) {
        lines.push(pick(JUNK))
        if (random() < 0.5) lines.push('')
        junk++
      }
      lines.push('')
    }
    const text = lines.join(pick(['\n', '\n', '\r\n', '\r']))
    const found = urlsOf(text)
    const boards = found.filter((url) => url !== '')
    if (boards.join() !== wanted.join()) expect(boards, shown(text)).toEqual(wanted)
    if (junk > 0 !== found.length > boards.length) expect(found, shown(text)).toHaveLength(-1)
  }
})

it('returns no other board where lines stand inside of boards', { timeout: 3_600_000 }, () => {
  let kept = 0
  // What stands above a fence is a text of its own, as above a blank line.
  const unfenced = spellings.filter(({ lines }) => !lines.some((line) => line.startsWith('```')))
  for (let seed = 0; seed < CASES / 5; seed++) {
    const random = randomOf(seed + CASES)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const lines: string[] = []
    const given = new Set<string>()
    for (let i = 0; i < 2; i++) {
      const { url, lines: spelled } = pick(unfenced)
      given.add(url)
      lines.push(...spelled, ...(random() < 0.7 ? [''] : []))
    }
    while (random() < 0.7)
      lines.splice(Math.floor(random() * (lines.length + 1)), 0, pick([...WORDS, '3', '# a comment']))
    const text = lines.join('\n')
    const boards = urlsOf(text).filter((url) => url !== '')
    kept += boards.length
    for (const board of boards) if (!given.has(board)) expect([...given], shown(text)).toContain(board)
  }
  expect(kept).toBeGreaterThan(CASES / 10)
})
