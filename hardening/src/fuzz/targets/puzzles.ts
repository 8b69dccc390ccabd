/** Puzzles and answers: whatever is read can be written, drawn, encoded and judged, and comes back the same. */
import { type AnyKind, ClueWithoutTokenError, kinds, PuzzleParseError } from '@ptrm/puzzles'
import { InputError, readPuzzles } from '@ptrm/puzzles/node'
import { SaxesParser } from 'saxes'
import { hold, type Target } from '../target.ts'
import { filesIn, textOf, utf8 } from './files.ts'

/** Boards of an input that are looked at closely. */
const LOOKED_AT = 2
/** For a title. */
const HOSTILE = '</title><script>]]>&"\u001b[31m\0\ud800\uffff'

const examples = [...kinds.values()].flatMap((kind) =>
  kind.examples.map(({ text, answer }) => ({ kind, text, answer, puzzle: kind.parse(text) as unknown })),
)

export const puzzles: Target = {
  name: 'puzzles',
  about: 'a file of puzzles in any notation and form',
  seeds: () => [
    // Damage to compressed bytes is found by their checksum.
    ...filesIn('packages/puzzles/test/formats', (name) => !/\.(ts|gz)$/.test(name)),
    ...examples.map(({ text }) => utf8(text)),
    ...examples.map(({ kind, puzzle }) => utf8(`${kind.name}\n${kind.toGrid(puzzle)}`)),
  ],
  words: [
    ...[...kinds.values()].flatMap(({ name, urlNames }) => [name, ...urlNames]),
    ...[
      'https://puzz.link/p?',
      'pzprv3/',
      'pzprv3.1/',
      '\n\n',
      '\r\n',
      ',',
      '|',
      '\t',
      '. ',
      '- ',
      '# ',
      '\ufeff',
    ],
    ...[
      'puzzle',
      'solution',
      'id,url',
      '{"url":"',
      '[problem]',
      '[solution]',
      '[end]',
      'rows',
      'cols',
      'size',
    ],
    ...[
      '<game data="',
      '</opensudoku>',
      'SAVEFILE:',
      'VERSION :1:1',
      'GAME    :4:Solo',
      'PARAMS  :3:3x3',
      '\x1b[31m',
    ],
  ],
  most: 8_192,
  errors: [InputError],
  async run(input) {
    let [boards, errors] = [0, 0]
    for await (const item of readPuzzles({ path: 'file', bytes: input })) {
      if ('error' in item) {
        hold(item.error instanceof PuzzleParseError, () => `an item's error is ${String(item.error)}`)
        errors++
      } else if (boards++ < LOOKED_AT) checkBoard(item.kind, item.puzzle, item.id ?? '', item.solution)
    }
    if (boards === 0) return errors === 0 ? 'nothing' : 'errors'
    return errors === 0 ? 'boards' : 'boards and errors'
  },
}

export const answers: Target = {
  name: 'answers',
  about: 'an answer of one of the example puzzles; the first byte says of which',
  seeds: () => examples.map(({ answer }, i) => utf8(String.fromCharCode(i) + answer)),
  words: ['/', '?', '-', '.', '\n', ' ', '|', 'o', '#', '0'],
  most: 1_024,
  errors: [PuzzleParseError],
  run(input) {
    const { kind, puzzle } = examples[(input[0] ?? 0) % examples.length]!
    const answer: unknown = kind.parseAnswer(puzzle, textOf(input.subarray(1)))
    checkAnswer(kind, puzzle, answer)
    return kind.isSolved(puzzle, answer) ? 'solved' : 'read'
  },
}

function checkBoard(kind: AnyKind, puzzle: unknown, title: string, solution: unknown): void {
  const grid = kind.toGrid(puzzle)
  const url = kind.toUrl(puzzle)
  hold(kind.toGrid(kind.parse(url)) === grid, () => `${url} is not the board that it was made from:\n${grid}`)
  hold(kind.toUrl(kind.parse(`${kind.name}\n${grid}`)) === url, () => `this is not ${url}:\n${grid}`)
  kind.contradictions(puzzle)
  kind.toText(puzzle)
  checkXml(kind.toSvg(puzzle, undefined, { title: `${title}${HOSTILE}` }))
  try {
    const board = kind.encode(puzzle)
    const { rows, cols } = kind.size(puzzle)
    const found = [board.rows, board.columns, board.tokens.length]
    hold(found.join() === [rows, cols, rows * cols].join(), () => `${url}: ${found.join()} as tokens`)
    hold(Math.max(...board.tokens) < kind.vocabulary.size, () => `${url}: a token beyond the vocabulary`)
  } catch (error) {
    if (!(error instanceof ClueWithoutTokenError)) throw error
  }
  if (solution !== undefined) checkAnswer(kind, puzzle, solution)
}

function checkAnswer(kind: AnyKind, puzzle: unknown, answer: unknown): void {
  const line = kind.answerToLine(puzzle, answer)
  const again: unknown = kind.parseAnswer(puzzle, line)
  hold(kind.answerToLine(puzzle, again) === line, () => `the answer ${line} comes back as another`)
  const [isSolved, broken] = [kind.isSolved(puzzle, answer), kind.verify(puzzle, answer)]
  hold(
    isSolved === (broken.length === 0),
    () => `${line}: solved is ${isSolved}, broken ${JSON.stringify(broken)}`,
  )
  hold(!isSolved || kind.partial(puzzle, answer).length === 0, () => `${line}: solved, and a rule is broken`)
  kind.toText(puzzle, answer, { violations: broken })
  checkXml(kind.toSvg(puzzle, answer, { violations: broken }))
}

/** Well-formed, one picture, and nothing in it that runs or loads. */
function checkXml(svg: string): void {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const runs = Object.keys(attributes).some((attribute) => /^on|href/.test(attribute))
    hold(!runs && !/script|foreign|image|use/i.test(name), () => `a picture with ${name}:\n${svg}`)
  })
  parser.write(svg).close()
}
