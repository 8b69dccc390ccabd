/** The reader of puzzle texts: no line is lost, whatever stands around it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../test/samples.ts'
import { kindNamed, kinds } from '../registry.ts'
import { AnyReader } from './any-reader.ts'
import { itemsOf } from './whole-text.ts'

const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const SUDOKU_URL = 'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'
const AKARI_URL = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'

/** What a text holds: `kind:line` of a puzzle, with its id, or `line:column` and the reason of an error. */
function read(text: string, fallback?: string): string[] {
  return [...itemsOf(new AnyReader('file', fallback), text)].map((item) => {
    if ('error' in item) return item.error.message.replace(/^file:/, '')
    return `${item.kind.name}:${item.where.line}${item.id === undefined ? '' : ` ${item.id}`}`
  })
}

describe('a line that is not what it looks like', () => {
  it('a sentence with a comma is no CSV header that hides the lines below', () => {
    expect(read(`Easy ones, with solutions\n${SUDOKU},${SOLUTION}`)).toEqual([
      expect.stringMatching(
        /^1:1: expected a 'puzzle' column in the CSV header, or a 'url' one, found 'Easy ones'/,
      ),
      'sudoku:2',
    ])
  })

  it('a CSV row of words alone is a bad row, and no new header', () => {
    expect(read(`id,url\na,${SUDOKU_URL}\nfoo,bar\nb,${AKARI_URL}`)).toEqual([
      'sudoku:2 a',
      expect.stringMatching(/^3:5: no puzzle: found 'bar'/),
      'lightup:4 b',
    ])
  })

  it('a column or a field may be called grid', () => {
    expect(read(`Grid,Puzzle\nGrid 7,${SUDOKU}`)).toEqual(['sudoku:2'])
  })

  it('a line that starts with grid but holds more than a name is not passed over', () => {
    expect(read(`Grid 01 ${SUDOKU}`)).toEqual(['sudoku:1 Grid 01'])
    expect(read(`Grid 01 ${AKARI_URL}`, 'tapa')).toEqual(['lightup:1'])
  })

  it('a URL in a remark is a remark', () => {
    expect(read(`${SUDOKU} # from ${AKARI_URL}\n${SUDOKU} # from https://puzz.link/p?yajilin/8/8/z`)).toEqual(
      ['sudoku:1', 'sudoku:2'],
    )
  })

  it('a URL behind other words is a puzzle, and no row of the grid above', () => {
    expect(read(`lightup\n. 1\nx .\nsee ${AKARI_URL}\n. .`)).toEqual(['lightup:2', 'lightup:4', 'lightup:5'])
  })

  it('a row whose first field is an answer may start with a shaded cell, and comments stay comments', () => {
    const url = 'https://puzz.link/p?heyawake/2/1/0g'
    const solutions = (text: string) =>
      [...itemsOf(new AnyReader('file'), text)].map((item) =>
        'error' in item ? item.error.message : item.kind.answerToLine(item.puzzle, item.solution),
      )
    expect(solutions(`answer,url\n.#,${url}\n#.,${url}\n ##,${url} `)).toEqual(['.#', '#.', '##'])
    expect(solutions(`answer;url\n\n#.;${url}`)).toEqual(['#.'])
    expect(solutions(`rating\tanswer\turl\n\t#.\t${url}\n`)).toEqual(['#.'])
    // Without the mark they are rows, or hold no puzzle.
    expect(solutions(`answer,url\n#.#,${url}\n# .#,${url}\n#,${url}\n# of 2024, by hand`)).toEqual([])
    expect(solutions(`url,answer\n#${url},.#\n# ${url},#.`)).toEqual([])
    expect(solutions(`id,answer,url\n#1,#.,${url}`)).toEqual([])
    // Neither with it nor without it.
    expect(solutions(`answer,url\n#..#,${url}\n#.,${url}0`)).toEqual([
      'file:2:3: expected 2 cells, found more',
      expect.stringMatching(/^file:3:\d+: the URL goes on after its 1 rooms/),
    ])
    const titled = [...itemsOf(new AnyReader(), `answer,url\nGrid 7\n#.,${url}`)]
    expect(titled).toMatchObject([{ id: 'Grid 7' }])
  })

  it('a row of a semicolon table may start with an empty field, in every kind', () => {
    expect(read(`id;url\n;${AKARI_URL}\n; no comment here`, 'lightup')).toEqual([
      'lightup:2',
      expect.stringMatching(/^3:3: expected a URL such as/),
    ])
  })

  it.each([
    ['"abc', 'a quote is not closed'],
    ['"abc"d', 'behind a closing quote the field goes on'],
    ['ab"c', 'a quote opens in the middle of a field'],
  ])('a CSV row says what is wrong with its quotes: %s', (field, reason) => {
    const [error] = read(`id,url\na,${field}`)
    expect(error).toMatch(new RegExp(`^2:\\d+: bad CSV row \\(a row must stand on one line\\): ${reason}$`))
  })

  it('a header ends the grid above it', () => {
    expect(read(`lightup\n. 1\nx .\nid,url\na,${AKARI_URL}`)).toEqual(['lightup:2', 'lightup:5 a'])
  })

  it('a line of bars alone is no board without columns', () => {
    expect(read('|', 'nurikabe')).toEqual([
      expect.stringMatching(/^1:1: expected a row of cells, found none/),
    ])
  })

  it('a URL of another kind says so, whatever its size', () => {
    expect(() => kindNamed('tapa').parse('https://puzz.link/p?nurikabe/0/2/g')).toThrow(
      /1:21: expected a 'tapa' URL, found 'nurikabe'/,
    )
  })

  it('a record of a kind that nobody knows is named where it stands', () => {
    expect(read('{"pid":"yajilin","url":"https://puzz.link/p?yajilin/8/8/z"}')).toEqual([
      expect.stringMatching(/^1:45: no puzzle kind 'yajilin'; known:/),
    ])
  })
})

describe('titles', () => {
  it('name the next puzzle of any kind, in any notation, that has no id of its own', () => {
    const text = `Grid 1\nlightup\n. 1\nGrid 2\n${SUDOKU_URL}\nGrid 3\n{"url":"${AKARI_URL}"}\nGrid 4\n{"url":"${AKARI_URL}","id":5}`
    expect(read(text)).toEqual(['lightup:3 Grid 1', 'sudoku:5 Grid 2', 'lightup:7 Grid 3', 'lightup:9 5'])
  })

  it('go with a bad entry, and do not name the puzzle behind it', () => {
    expect(read(`Grid 1\nhttps://puzz.link/p?sudoku/9/9/q!\n${SUDOKU}`)).toEqual([
      expect.stringMatching(/^2:/),
      'sudoku:3',
    ])
  })

  it('are rooms where cells are words', () => {
    expect(read('heyawake\ngrid a\ngrid a2')).toEqual(['heyawake:2'])
    expect(read('heyawake\nGrid 01\na b')).toEqual(['heyawake:3 Grid 01'])
  })
})

/** A puzzle in one notation: its lines, and what stands on them. */
interface Block {
  readonly lines: readonly string[]
  readonly url: string
}

const blocks: Block[] = [...kinds.values()].flatMap((kind) => {
  const { puzzle, solution, url } = samplesOf(kind)[0]!
  const grid = kind.toGrid(puzzle).split('\n')
  const named = grid[0] === kind.name ? grid : [kind.name, ...grid]
  const answer = kind.answerToLine(puzzle, solution)
  return [
    named,
    [`${kind.name}:`, '+---+---+', ...named.slice(1), '+---+---+'],
    [url],
    [`${url} a remark`],
    [JSON.stringify({ id: 7, url, solution: answer })],
    ['# as CSV', 'id;url;solution', `"a;""b""";${url};${answer}`],
    ['url\tsource', `${url}\ta source`],
  ].map((lines) => ({ lines, url }))
})
blocks.push(
  { lines: ['sudoku', SUDOKU], url: SUDOKU_URL },
  { lines: ['sudoku', 'puzzle', `"${SUDOKU}"`], url: SUDOKU_URL },
)

/** What a stranger may write between two puzzles. */
const noise = fc.constantFrom('', '   ', '# comment', '// comment', '+---+', '=====')

describe('texts of many puzzles', () => {
  const urlsIn = (text: string) =>
    [...itemsOf(new AnyReader(), text)].map((item) => ('error' in item ? '' : item.kind.toUrl(item.puzzle)))
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r')

  it('are read whole and in order, in whatever notations', () => {
    const parts = fc.array(fc.tuple(fc.constantFrom(...blocks), fc.array(noise, { maxLength: 2 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(parts, lineBreak, fc.boolean(), (list, end, withMark) => {
        const text = list.flatMap(([{ lines }, between]) => [...lines, '', ...between]).join(end)
        expect(urlsIn((withMark ? '\ufeff' : '') + text)).toEqual(list.map(([{ url }]) => url))
      }),
      { seed: 17, numRuns: 300 },
    )
  })

  it('lose no puzzle to a damaged one', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.string({ maxLength: 2, unit: 'binary-ascii' })), {
      minLength: 1,
      maxLength: 4,
    })
    const damaged = fc.tuple(fc.constantFrom(...blocks), edits).map(([{ lines }, list]) =>
      list.reduce((text, [place, removed, put]) => {
        const at = place % (text.length + 1)
        return text.slice(0, at) + put + text.slice(at + removed)
      }, lines.join('\n')),
    )
    // URLs and records, which no header or name above them can change.
    const sound = fc.constantFrom(...blocks.filter(({ lines }) => lines.length === 1))
    fc.assert(
      fc.property(sound, damaged, sound, (before, middle, after) => {
        const found = urlsIn([before.lines[0], middle, after.lines[0]].join('\n'))
        expect(found[0]).toBe(before.url)
        expect(found.at(-1)).toBe(after.url)
      }),
      { seed: 18, numRuns: 2000 },
    )
  })
})
