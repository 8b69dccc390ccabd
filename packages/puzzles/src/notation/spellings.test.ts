/** Spellings that people have, and what each must be read as: the very board, or an error that says what is wrong. */
import { describe, expect, it } from 'vitest'
import { neighbours } from '../board/board.ts'
import { kindNamed } from '../registry.ts'
import { AnyReader } from './any-reader.ts'
import { itemsOf } from './whole-text.ts'

const SUDOKU = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
const ROWS = SUDOKU.match(/.{9}/g)!
const GRID = ROWS.join('\n')
/** The same board as its numbers, 0 for a blank. */
const LISTS = JSON.stringify(ROWS.map((row) => [...row].map((cell) => Number(cell) || 0)))
const AKARI = 'https://puzz.link/p?akari/6/6/mcjcg.hcj5ah.'
const NURIKABE = 'https://puzz.link/p?nurikabe/6/6/g2g3r4n3l3i'
const HEYAWAKE = 'https://puzz.link/p?heyawake/6/6/aaaeee00pg681h1g100'
const G = 'https://puzz.link/p?akari/3/2/g.cg'
const L = 'https://puzz.link/p?akari/3/1/g.2'
const S = kindNamed('sudoku').toUrl(kindNamed('sudoku').parse(SUDOKU))

/** URLs of the puzzles of a text, and the errors among them. */
function read(text: string): string[] {
  return [...itemsOf(new AnyReader('file'), text)].map((item) =>
    'error' in item ? item.error.message.replace(/^file:/, '') : item.kind.toUrl(item.puzzle),
  )
}

const cells = (write: (row: string) => string) => ROWS.map(write).join('\n')
const fields = (mark: string) => cells((row) => [...row].map((cell) => (cell === '.' ? '' : cell)).join(mark))

describe('URLs stand anywhere in a line', () => {
  it.each([
    ['behind a bullet', `${NURIKABE}\n- ${AKARI}`, [NURIKABE, AKARI]],
    ['in quotes', `"${AKARI}"`, [AKARI]],
    ['behind a number', `1. ${AKARI}`, [AKARI]],
    ['in angle brackets', `<${AKARI}>`, [AKARI]],
    ['in Markdown', `[name](${AKARI})`, [AKARI]],
    ['in Markdown, as its own name', `[${AKARI}](${AKARI})`, [AKARI]],
    ['in HTML', `<li><a href="${AKARI}">${AKARI}</a></li>`, [AKARI]],
    ['two on a line', `${AKARI} and ${NURIKABE}`, [AKARI, NURIKABE]],
    ['beside another address', `https://example.com/a?b ${AKARI}`, [AKARI]],
    ['at the end of a sentence', `Try ${NURIKABE}.`, [NURIKABE]],
    ['at the end of a sentence in brackets', `(Try ${NURIKABE}!)`, [NURIKABE]],
    ['bare', 'akari/6/6/mcjcg.hcj5ah.', [AKARI]],
    ['bare, behind words', 'Try akari/6/6/mcjcg.hcj5ah.', [AKARI]],
    ['by its query alone', '?nurikabe/6/6/g2g3r4n3l3i', [NURIKABE]],
    ['by the name of a page', 'p.html?nurikabe/6/6/g2g3r4n3l3i', [NURIKABE]],
    ['by another name of the kind', HEYAWAKE.replace('heyawake', 'heyawacky'), [HEYAWAKE]],
    ['by the name of a server alone', 'localhost/p?nurikabe/6/6/g2g3r4n3l3i', [NURIKABE]],
    ['with a slash at the end', `${AKARI}/`, [AKARI]],
    [
      'with more than a board',
      `${HEYAWAKE}/2 ${AKARI}/7/7/g`,
      [
        expect.stringMatching(/^1:\d+: expected the end of the URL behind the board, found '\/2'/),
        expect.stringMatching(/^1:\d+: expected the end of the URL behind the board, found '\/7\/7\/g'/),
      ],
    ],
    ['as a variant', NURIKABE.replace('6/6', 'v:/6/6'), [NURIKABE]],
    ['with flags', NURIKABE.replace('6/6', 'c/6/6'), [NURIKABE]],
    ['with escaped slashes', NURIKABE.replaceAll(/(?<=\?.*)\//g, '%2F'), [NURIKABE]],
    ['escaped whole', encodeURIComponent(NURIKABE), [NURIKABE]],
    ['escaped whole, in a link', `https://example.com/go?to=x ${encodeURIComponent(AKARI)}`, [AKARI]],
    ['in a JSON list', `[{"puzzle_url":"${AKARI}"},{"url":"${NURIKABE}"}]`, [AKARI, NURIKABE]],
    ['in a JSON list of texts', `["${AKARI}", "${NURIKABE}"]`, [AKARI, NURIKABE]],
    [
      'in JSON over many lines',
      JSON.stringify([{ url: AKARI }, { puzzle_url: NURIKABE }], undefined, 2),
      [AKARI, NURIKABE],
    ],
    ['in a wrapped JSON list', `{"rows":[{"row":{"url":"${AKARI}"}}]}`, [AKARI]],
    ['in one JSON record over many lines', JSON.stringify({ id: 1, url: AKARI }, undefined, 2), [AKARI]],
  ])('%s', (_, text, urls) => {
    expect(read(text)).toEqual(urls)
  })

  it('a save of pzpr as a URL, in a table and in JSON', () => {
    const save = 'https://puzz.link/p?pzprv3/lightup/2/3/. - 2 /. . . /'
    const url = 'https://puzz.link/p?akari/3/2/g.cg'
    expect(read(`url\n"${save}"\n{"url":"${save}"}`)).toEqual(read(`${save}\n${save}`))
    expect(read(save)[0]).toBe(url)
  })

  it('a number with a % of its own is none of the escapes', () => {
    const puzzle = kindNamed('nurikabe').parse('https://puzz.link/p?nurikabe/2/1/%2f0g')
    expect(puzzle.clues[0]).toBe(8192 + 0x2f0)
  })

  it.each([
    [
      'a lost dot at the end',
      AKARI.slice(0, -1),
      /^1:43: expected 36 cells, found 35; a dot is probably missing/,
    ],
    [
      'an escape, behind which columns go on',
      'https://puzz.link/p?nurikabe%2F6%2F6%2Fg2g3r4n3l3!',
      /^1:50: unexpected '!'/,
    ],
    ['a name that nobody knows', 'https://puzz.link/p?yajilin/8/8/z', /^1:21: no puzzle kind 'yajilin'/],
    ['a path that is no puzzle', 'foo/6/6/abc', /^1:1: no puzzle: found 'foo\/6\/6\/abc'/],
    ['an address of another site', 'https://example.com/#m=solve&p=abc', /^1:1: expected a URL such as/],
    ['JSON that ends early', `{"url":"${AKARI}"`, /^1:\d+: this starts as JSON but is not well formed/],
  ])('an error for %s', (_, text, reason) => {
    expect(read(text)).toEqual([expect.stringMatching(reason)])
  })

  it('a bracket that nothing closes hides no line below it', () => {
    expect(read(`[\n${SUDOKU}\n{\n${AKARI}`)).toEqual([expect.stringMatching(/not well formed/), S, AKARI])
  })
})

describe('pencil grids', () => {
  it.each([
    ['heyawake by letters alone', 'heyawake\naab\naab\nccb', 'heyawake/3/3/ag30i'],
    ['heyawake by letters, one number not known', 'heyawake\na?ab\naab', 'heyawake/3/2/a0.g'],
    ['heyawake by letters and numbers', 'heyawake\na1ab\naab\nc2cb', 'heyawake/3/3/ag301g2'],
    ['commas, empty fields', 'lightup\n,,1\n,2,\n0,,', 'akari/3/3/h67a'],
    ['semicolons, empty fields', 'lightup\n;;1\n;2;\n0;;', 'akari/3/3/h67a'],
    ['tabs, empty fields', 'lightup\n\t\t1\n\t2\t\n0\t\t', 'akari/3/3/h67a'],
    ['tabs, an empty row first', 'lightup\n\t\t\n\t2\t\n0\t\t', 'akari/3/3/j7a'],
    ['tabs, an empty row last', 'lightup\n\t2\t\n\t\t\n', 'akari/3/2/gch'],
    ['bars, empty fields', 'lightup\n|   | 2 |   |\n| 1 |   |   |', 'akari/3/2/g7b'],
    ['a Markdown table', 'lightup\n|   | 2 |   |\n|---|---|---|\n| 1 |   |   |', 'akari/3/2/g7b'],
    ['borders between all cells', 'lightup\n+-+-+\n|.|1|\n+-+-+\n|.|x|\n+-+-+', 'akari/2/2/g6.'],
    ['CSV with quotes', 'tapa\n,1 2,\n3,,\n,,"1,1"', 'tapa/3/3/ga8g3ja7'],
    ['a delimiter at the end of each row', 'nurikabe\n.,2,\n1,.,', 'nurikabe/2/2/g21g'],
    ['numbers in columns, right-aligned', 'nurikabe\n 1 12\n10  2', 'nurikabe/2/2/1ca2'],
    ['its title above', 'Light Up\n. 1\n. .', 'akari/2/2/gb'],
    [
      'a sentence above and one below',
      'lightup\nMade by a friend of mine\n. 1\n. .\nHave fun',
      'akari/2/2/gb',
    ],
  ])('%s', (_, text, url) => {
    const boards = read(text).filter((item) => !item.includes('no puzzle:'))
    expect(boards).toEqual([`https://puzz.link/p?${url}`])
  })

  it.each([
    ['blanks for empty cells', 'lightup\n  1\n 2 \n0  ', /^2:1: the cells stand in no columns/],
    [
      'rows of unequal length',
      'heyawake\naab\naab\ncb',
      /^4:3: expected 3 cells as in the grid's first row, found 2/,
    ],
    ['an empty field in heyawake', 'heyawake\na,,b\na,a,b', /^2:3: an empty field: expected a cell/],
    ['fields with two numbers', 'nurikabe\n1 2,,\n,,3', /^2:1: unexpected '1 2'/],
    ['a comment between rows', 'lightup\n. 1\n# next\n. .', /^3:1: a comment between the rows of a grid/],
    ['a line between rows', 'lightup\n. 1\n. .\n-----\n. .', /^4:1: a line between the rows of a grid/],
    ['two frames between rows', 'lightup\n|.|\n+-+\n+-+\n|.|\n|x|', /^3:1: a line between the rows/],
    ['a sentence between rows', 'lightup\n. 1\nsome words\n. .', /^3:1: unexpected 'some'/],
    ['a blank line after each row', 'lightup\n. 1\n\n. .\n\n1 .', /^2:1: a blank line after each of 3 rows/],
  ])('an error for %s', (_, text, reason) => {
    expect(read(text)).toEqual([expect.stringMatching(reason)])
  })

  it('below the name of another kind are not read', () => {
    const text = `kakuro\n${GRID}\n\n${SUDOKU}\n${AKARI}\nsudoku\n${SUDOKU}`
    expect(read(text)).toEqual([expect.stringMatching(/^1:1: no puzzle kind 'kakuro'/), AKARI, S])
  })
})

describe('Sudokus', () => {
  it.each([
    ['- for blanks', cells((row) => row.replaceAll('.', '-'))],
    ['x for blanks', SUDOKU.replaceAll('.', 'x')],
    ['blank lines between bands', GRID.replace(/((?:.+\n){3})((?:.+\n){3})/, '$1\n$2\n')],
    ['a blank line after each row', ROWS.join('\n\n')],
    ['commas, empty fields', fields(',')],
    ['tabs, empty fields', fields('\t')],
    [
      'bars, empty fields',
      cells((row) => `|${[...row].map((cell) => (cell === '.' ? ' ' : cell)).join('|')}|`),
    ],
    [
      'dashes for blanks, and borders of nine dashes with crossings',
      cells((row) => row.replaceAll('.', '-').replace(/(...)(...)/, '$1|$2|')).replace(
        /(?:.{11}\n){3}/g,
        '$&---+---+---\n',
      ),
    ],
    [
      'borders of dots and dashes',
      `.-----.-----.-----.\n${cells((row) => `| ${[...row].join(' ')} |`)}\n'-----'-----'-----'`,
    ],
    ['a hash in front and a rating behind', `0000183b305c ${SUDOKU.replaceAll('.', '0')}  1.2`],
    ['between colons', `:0000:x:${SUDOKU}:::`],
    ['between colons, a filled-in digit', `:0100:5:${SUDOKU.replace('..', '.+8')}::`],
    ['with fields behind colons', `${SUDOKU}:3:name`],
    ['with a remark behind #', `${SUDOKU}#name`],
    ['with a number in front', `1. ${SUDOKU}`],
    ['in quotes', `"${SUDOKU}"`],
    ['CSV with a column of numbers in front', `,quizzes,solutions\n0,${SUDOKU},${SOLUTION}`],
    ['CSV of questions and answers', `question,answer\n${SUDOKU},${SOLUTION}`],
    ['CSV of grids', `grid\n${SUDOKU}`],
    ['TSV with a column of numbers in front', `\tpuzzle\n7\t${SUDOKU}`],
    ['JSON of questions and answers', `{"question":"${SUDOKU}","answer":"${SOLUTION}"}`],
    ['JSON of numbers', `{"puzzle":${LISTS}}`],
    ['JSON of numbers over many lines', JSON.stringify([{ quizzes: JSON.parse(LISTS) }], undefined, 2)],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual([S])
  })

  it.each([
    [16, Array(16).fill('1.'.repeat(8)).join('\n')],
    [16, Array(4).fill(Array(4).fill('1 . 16 . . . 12 . . . . . . . . 2').join('\n')).join('\n\n')],
    [16, '1.'.repeat(128)],
    [6, Array(6).fill('1 . . 2 . .').join('\n')],
    [6, '1.....'.repeat(6)],
    [4, '1 .|. .\n. .|2 .\n-------\n. 3|. .\n. .|. 4'],
  ])('of %ix%i are refused by their size, once', (side, text) => {
    expect(read(text)).toEqual([expect.stringMatching(`^1:1: a ${side}x${side} Sudoku: only 9x9 is read`)])
  })

  it('as candidates are read as their givens, which is said', () => {
    const text = cells((row) =>
      [...row].map((cell, i) => (cell === '.' ? (i % 2 ? '124' : '26') : cell)).join('  '),
    )
    expect([...itemsOf(new AnyReader(), text)]).toMatchObject([
      { puzzle: kindNamed('sudoku').parse(SUDOKU), note: expect.stringContaining('candidates') },
    ])
  })

  it('with a map of regions beside them are no plain ones', () => {
    const map = '123456789'.repeat(9)
    expect(read(`${SUDOKU} ${map}`)).toEqual([
      expect.stringMatching(/jigsaw regions\? Only plain 9x9 is read/),
    ])
  })

  it.each([
    ['a number above', `3\n${GRID}\n${GRID}`, ['1:', S, S]],
    ['a number above, apart', `3\n\n${GRID}\n\n${GRID}`, ['1:', S, S]],
    ['words above, between and below', `One\n${GRID}\nTwo words\n${GRID}\nBye`, ['1:', S, '11:', S, '21:']],
    ['a footer with a comma', `${GRID}\nMade by A, 2012`, [S, '10:']],
    ['a row lost', `${ROWS.slice(1).join('\n')}\n${GRID}`, ['17:']],
    [
      'words inside two grids',
      [
        ...ROWS.slice(0, 4),
        'some words',
        ...ROWS.slice(4),
        ...ROWS.slice(0, 4),
        'more words',
        ...ROWS.slice(4),
      ].join('\n'),
      ['4:', '5:', '6:', '15:', '16:'],
    ],
    [
      'a band lost',
      [ROWS.slice(0, 3), ROWS.slice(3, 6), ROWS.slice(0, 3), ROWS.slice(3, 6), ROWS.slice(6)]
        .map((band) => band.join('\n'))
        .join('\n\n'),
      ['19:'],
    ],
    [
      'a band damaged',
      [['12', ...ROWS.slice(1, 3)], ROWS.slice(3, 6), ROWS.slice(6), ROWS.slice(0, 3)]
        .map((band) => band.join('\n'))
        .join('\n\n'),
      ['1:', '5:'],
    ],
  ])('with %s: the given grids, or errors only', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted.map((item) => (item === S ? S : expect.stringMatching(`^${item}`))))
  })
})

describe('what stands around a text', () => {
  const quoted = (text: string) => text.replaceAll(/^/gm, '> ')
  it.each([
    [
      'a quotation in an e-mail',
      `Bob wrote:\n${quoted(`Try this\n\n${GRID}\n\nBye`)}\nOh`,
      ['1:1', S, '14:3'],
    ],
    ['a quotation of a save', `${quoted('pzprv3\nlightup\n2\n3\n. - 2 \n. . . ')}\nBye`, [G, '7:1']],
    ['a quotation of JSON', quoted(`[\n{"url":\n"${AKARI}"}\n]`), [AKARI]],
    ['a fence of Markdown', `\`\`\`text\n${GRID}\n\`\`\`\nBye`, [S, '12:1']],
    ['tags', `<pre>\n${GRID}\n</pre>\n[code]\n${GRID}\n[/code]`, [S, S]],
    ['a fence around a pencil board', '```\nlightup\n. - 2\n```'.replace('-', 'x'), [L]],
    ['a numbered title', 'lightup\nPuzzle 1\n. x 2\n. . .\n\nPuzzle 2\n. x 2\n. . .', ['2:1', G, '6:1', G]],
  ])('%s', (_, text, wanted) => {
    expect(read(text)).toEqual(
      wanted.map((item) => (/^\d/.test(item) ? expect.stringMatching(`^${item}: no puzzle`) : item)),
    )
  })

  it('a grid takes no rows from another quotation', () => {
    expect(read(`lightup\n> . x 2\n> . . .\n>> . x 2\n>> . . .`)).toEqual([
      expect.stringMatching(/^4:4: a quotation begins or ends here/),
    ])
    expect(read(`lightup\n> . x 2\n3\n> . . .`)).toEqual([expect.stringMatching(/^3:1: a quotation begins/)])
    expect(read(`${GRID.replaceAll(/^/gm, '> ')}\n${GRID}`)).toEqual([
      S,
      expect.stringMatching(/^10:1: a quotation begins or ends here: .* \(9 such lines, up to line 18\)/),
    ])
    expect(read(`lightup\n> . x 2\n> . . .\n\n>> . x 2\n>> . . .\nBye`)).toEqual([
      G,
      G,
      expect.stringMatching(/^7:1: no puzzle/),
    ])
  })

  it('a file of another program has lines of its own that start with >', () => {
    expect(read(`<opensudoku>\n<game data="${SUDOKU.replaceAll('.', '0')}"\n/></opensudoku>`)).toEqual([S])
  })

  it.each(['**', '_', '...', '~~', '\u3002', '\u300d'])('%s behind a URL', (mark) => {
    expect(read(`${NURIKABE}${mark} ${AKARI}${mark}`)).toEqual([NURIKABE, AKARI])
  })
})

describe('semicolons at the start of a line', () => {
  it.each([
    [
      'are empty fields where other rows have them',
      'lightup\n;\n3;3\n;',
      ['https://puzz.link/p?akari/2/3/h3d'],
    ],
    [
      'begin comments elsewhere',
      'lightup\n; 1\n; 12 by B. C.\n. 1\n. .\n;',
      ['https://puzz.link/p?akari/2/2/gb'],
    ],
    [
      'are no comments alone',
      'lightup\n;1\n;',
      [expect.stringMatching(/^2:1: a line that starts with ';' is a comment/)],
    ],
    [
      'begin comments between rows',
      'lightup\n. 1\n; 3\n. .',
      [expect.stringMatching(/^3:1: a comment between/)],
    ],
  ])('%s', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })
})

describe('rows that begin with the # of walls', () => {
  const lost = /: a line that starts with '#' is a comment, but this one has as many cells/
  it.each([
    ['above a board', 'lightup\n#...\n.2..\n....', '2:1'],
    ['below one', 'lightup\n. 2 . .\n. . . .\n# . . 1', '4:1'],
    ['in Shakashaka', 'shakashaka\n#..\n.2.\n...', '2:1'],
  ])('are refused %s', (_, text, place) => {
    expect(read(text)).toEqual([expect.stringMatching(new RegExp(`^${place}${lost.source}`))])
  })
  it.each(['# easy', '# 12', '#', '# 1 2', '# (9 by 4)'])('but comments are none: %s', (comment) => {
    expect(read(`lightup\n${comment}\n. . 1 .\nx . . .\n${comment}`)).toEqual([
      'https://puzz.link/p?akari/4/2/h6.i',
    ])
  })
})

it('what `show` prints of a typed puzzle is read by its URL, and is no XML', () => {
  const { kind, puzzle } = { kind: kindNamed('sudoku'), puzzle: kindNamed('sudoku').parse(SUDOKU) }
  const shown = `<puzzle>:1: sudoku, 9x9\n${kind.toText(puzzle)}\n${kind.toUrl(puzzle)}\n`
  const found = read(shown)
  expect(found).toContain(S)
  expect(found.join()).not.toContain('XML')
})

it('a rule of signs is no Sudoku', () => {
  for (const rule of ['*'.repeat(81), '_'.repeat(81), '* '.repeat(81)])
    expect(read(`${rule}\n\n${SUDOKU}`)).toEqual([expect.stringMatching(/^1:1: no puzzle/), S])
})

it('a text that is no board leaves no trace in the judgement of others', () => {
  expect(read(`heyawake\n${'zy'.repeat(27)}\n${'yz'.repeat(27)}`)).toEqual([
    expect.stringMatching(/^2:1: no puzzle/),
  ])
  const lightup = kindNamed('lightup')
  const puzzle = lightup.parse('. . .\nx 0 x\n. . .')
  expect(lightup.isSolved(puzzle, lightup.parseAnswer(puzzle, '.o./---/.o.'))).toBe(false)
  expect(() => neighbours({ rows: 2, cols: 54 })).toThrow(RangeError)
})

describe('JSON', () => {
  const characters = JSON.stringify(ROWS.map((row) => [...row]))
  const texts = JSON.stringify(ROWS)
  const numbers = JSON.parse(LISTS) as number[][]
  const solved = SOLUTION.match(/.{9}/g)!.map((row) => [...row].map(Number))
  it.each([
    ['rows of characters', characters, [S]],
    ['rows of texts', texts, [S]],
    [
      'rows of texts as a field',
      `{"puzzle":${texts},"solution":${JSON.stringify(SOLUTION.match(/.{9}/g))}}`,
      [S],
    ],
    ['a row a line', `[${numbers.map((row) => JSON.stringify(row)).join(',\n ')}]`, [S]],
    ['a field a line', `{"id": 3, "puzzle": "${SUDOKU}",\n "solution": "${SOLUTION}"}`, [S]],
    ['commas behind records', `{"url":"${AKARI}"},\n{"url":"${NURIKABE}"},`, [AKARI, NURIKABE]],
    ['a comma behind the last record', `[\n{"url":"${AKARI}"},\n]`, [AKARI]],
    [
      'lists that are no puzzles',
      JSON.stringify({ tags: ['a', 'bc'], size: [6, 6], list: [{ url: AKARI }] }),
      [AKARI],
    ],
    ['a bracket inside of one', `[\n[\n${SUDOKU}`, ['3:', S]],
    ['a comma lost', `[\n{\n"id": 1\n"url": "x"\n},\n{\n"url": "${AKARI}"\n}\n]`, ['4:1:', AKARI]],
    [
      'a word that is none of JSON',
      `[\n{"id": 1},\n{"id": None}\n]`,
      ['3:8:', '2:1: expected a .*2 such lines, up to line 3'],
    ],
    [
      'a board and another beside it',
      JSON.stringify({ a: numbers, b: solved }),
      ['1:1: .*found boards in .a., .b.'],
    ],
    ['texts among puzzles', JSON.stringify({ a: [SUDOKU, 'x'] }), [S, '1:93: expected 81 cells']],
    ['records without a puzzle', '{"a":1}\n{"a":2}\n', ['1:1: expected a .*2 such lines, up to line 2']],
    ['lines that are damaged', `{"a:1}\n{"a:2}\nBye`, ['1:.*2 such lines, up to line 2', '3:1: no puzzle']],
  ])('%s', (_, text, wanted) => {
    expect(read(text)).toEqual(
      wanted.map((item) => (item.startsWith('http') ? item : expect.stringMatching(`^${item}`))),
    )
  })

  it.each([
    [
      'a text that is none of its puzzles',
      { rows: ['7x7#123456', AKARI] },
      [expect.stringMatching(/^1:1\d: /), AKARI],
    ],
    ['the address of a page beside the puzzle', { url: 'https://example.com/easy', puzzle: SUDOKU }, [S]],
    ['a puzzle by a name of its own', { board: SUDOKU, solution: SOLUTION }, [S]],
    ['a link by a name of its own', { link: AKARI, page: 'https://example.com/a' }, [AKARI]],
    [
      'two puzzles by names of their own',
      { a: SUDOKU, b: SUDOKU },
      [expect.stringMatching("found boards in 'a', 'b'")],
    ],
  ])('holds %s', (_, value, wanted) => {
    expect(read(JSON.stringify(value))).toEqual(wanted)
  })

  it('a list is no board of another kind than Sudoku', () => {
    const text = 'lightup\n{"puzzle":[[".",".","x"],["1",".","."]]}'
    expect(read(text)).toEqual([
      expect.stringMatching(/^2:\d+: a Light Up board as a list: of lists, only Sudokus/),
    ])
  })

  it.each(['solution', 'solutions', 'answer', 'answers'])('errors of a field %s name its line', (name) => {
    const text = `[{"puzzle":${LISTS},\n"${name}":[[1,2],[3,4]]}]`
    expect(read(text)).toEqual([expect.stringMatching(/^2:\d+: expected 81 cells in the solution/)])
  })

  it('errors name the line of their record', () => {
    const text = JSON.stringify([{ puzzle: numbers }, { puzzle: 'ab' }], undefined, 1)
    const line = text.split('\n').findIndex((part) => part.includes('"ab"')) + 1
    expect(read(text)).toEqual([S, expect.stringMatching(`^${line}:14: no puzzle: found 'ab'`)])
  })
})

describe('heyawake rooms by one letter a cell', () => {
  it('with dead ends', () => {
    for (const text of ["aa'b\nabb", "zz'y\nzyy"])
      expect(read(`heyawake\n${text}`)).toEqual(read(`heyawake\n${[...text].join(' ').replace(" '", "'")}`))
  })
  it.each(['zzy\nzyy', 'BBA\nBAA', 'aab\nabb\n\nccd\ncdd'])('%j', (text) => {
    const boards = text.split('\n\n').map(() => 'https://puzz.link/p?heyawake/3/2/c8h')
    expect(read(`heyawake\n${text}`)).toEqual(boards)
  })
  it.each(['hello\nworld', 'see\nbee', 'the end', "don't\ndo", 'How?'])('but not words: %j', (text) => {
    expect(read(`heyawake\n${text}`)).toEqual([expect.stringMatching(/^2:1: no puzzle/)])
  })
})

describe('tables', () => {
  it.each([
    ['a column of numbers that pandas named', `Unnamed: 0,puzzle,solution\n0,${SUDOKU},${SOLUTION}`, [S]],
    ['the address of a page beside the puzzle', `url,puzzle\nhttps://example.com/a,${SUDOKU}`, [S]],
    ['a delimiter at the end of each row', `puzzle;\n${SUDOKU};`, [S]],
    ['a sentence with a comma', `Hi,\n${GRID}`, [expect.stringMatching(/^1:1: no puzzle/), S]],
    ['a text for a puzzle', `id,puzzle\n1,foo`, [expect.stringMatching(/^2:3: no puzzle: found 'foo'/)]],
    ['two columns, the second one empty', 'nurikabe\n1,\n3,', ['https://puzz.link/p?nurikabe/2/2/1g3g']],
  ])('%s', (_, text, wanted) => {
    expect(read(text)).toEqual(wanted)
  })
})

it('lines that are no puzzle give one error, however many they are', () => {
  expect(read(`Dear all,\nhere are some lines\n\nof text\n${SUDOKU}\nBye`)).toEqual([
    expect.stringMatching(/^1:1: no puzzle: found 'Dear all,', expected .* \(3 such lines, up to line 4\)$/),
    S,
    expect.stringMatching(/^6:1: no puzzle: found 'Bye'/),
  ])
})

it('a title without a puzzle is an error', () => {
  expect(read(`Grid 1\nGrid 2\n${SUDOKU}\nGrid 3`)).toEqual([
    expect.stringMatching(/^1:1: no puzzle below the title 'Grid 1'/),
    S,
    expect.stringMatching(/^4:1: no puzzle below the title 'Grid 3'/),
  ])
})

it('a line over a million characters is refused by its length, and the next one read', () => {
  expect(read(`${'x'.repeat(1_000_001)}\n${SUDOKU}`)).toEqual([
    expect.stringMatching(/^1:1: a line of more than 1000000 characters: expected a puzzle a line/),
    S,
  ])
})

it('a long line takes time in proportion to its length', () => {
  // Of this thread: the clock on the wall also counts what the machine does for others.
  const seconds = (text: string) => {
    const start = process.threadCpuUsage()
    read(text)
    const { user, system } = process.threadCpuUsage(start)
    return (user + system) / 1e6
  }
  for (const end of ['z', '"']) expect(seconds(`[\n${' '.repeat(900_000)}${end}`)).toBeLessThan(5)
  expect(seconds(`["${'\\"'.repeat(400_000)}`)).toBeLessThan(5)
  expect(seconds('\t\t\t\t\t\t\t\t\n'.repeat(100_000))).toBeLessThan(5)
  for (const part of ['http://', '?a/', 'a/1/', '%2f', '"', '[', '1 ', '|', ',', 'akari/6/6/'])
    expect(seconds(part.repeat(900_000 / part.length))).toBeLessThan(5)
  const php = JSON.stringify([{ puzzle_url: AKARI }])
    .slice(1, -1)
    .replaceAll('/', '\\/')
  for (const [start, part, end] of [
    ['lightup\n', '.\n--\n', ''],
    ['nurikabe\n', '1  2\n', ''],
    ['', '?v:', ''],
    ['pzprv3\nlightup\n1\n1\n. \nhistory:{', '\\"', ''],
    ['[', `${php},\n`, `${php}]`],
    ['<opensudoku>\n<b c="', '\n', ''],
    ['<opensudoku><game data="', '1', '"/></opensudoku>'],
  ] as const)
    expect(seconds(start + part.repeat(900_000 / part.length) + end), part).toBeLessThan(5)
})

it('a text of very many puzzles is read', () => {
  const rows = '123456789\n\n'.repeat(9 * 15_000)
  expect(read(rows)).toHaveLength(15_000)
  const records = Array.from({ length: 130_000 }, () => '"x"').join(',')
  expect(read(`[\n{"a":\n]\n{\n"list":[${records}]\n}\n`).length).toBeGreaterThan(0)
})
