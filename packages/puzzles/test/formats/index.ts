/** What the files of this folder hold: one small file of each format, and the boards that it must give, in order. */
import { kinds } from '../../src/registry.ts'

export interface FormatFile {
  readonly file: string
  /** URLs of the boards, as their kinds write them. */
  readonly urls: readonly string[]
  /** The kind that grids and one-line forms are of, where the text does not say; default: sudoku. */
  readonly kind?: string | undefined
  /** What is read in it depends on the lines above. */
  readonly isOfTheKindAbove?: boolean | undefined
  /** Whether each puzzle has its solution beside it. */
  readonly isSolved?: boolean | undefined
}

/** The first example of a kind. */
const example = (name: string): string => {
  const kind = kinds.get(name)!
  return kind.toUrl(kind.parse(kind.examples[0].text))
}
const SIX = ['heyawake', 'lightup', 'nurikabe', 'shakashaka', 'sudoku', 'tapa']
const all = SIX.map(example)
const two = ['lightup', 'heyawake'].map(example)
/** How often the example stands in a file of spellings. */
const sudokus = (name: string) =>
  Array(name === 'rated.txt' ? 3 : name === 'lines.sdm' ? 2 : 1).fill(example('sudoku'))

export const FORMAT_FILES: readonly FormatFile[] = [
  ...['urls.txt', 'urls.txt.gz', 'urls-utf16le.txt', 'urls-utf16be.txt', 'urls-old-mac.txt'].map((file) => ({
    file,
    urls: all,
  })),
  ...SIX.flatMap((name) => [
    { file: `pzprv3-${name}.txt`, urls: [example(name)] },
    { file: `janko-${name}.txt`, urls: [example(name)], isSolved: true },
  ]),
  { file: 'pzprv3-url.txt', urls: [example('nurikabe')] },
  ...['lightup', 'sudoku'].flatMap((name) => [
    { file: `tatham-id-${name}.txt`, urls: [example(name), example(name)] },
    { file: `tatham-save-${name}.txt`, urls: [example(name)] },
  ]),
  ...['sections.sdk', 'opensudoku.opensudoku', 'opensudoku-begun.opensudoku'].map((file) => ({
    file,
    urls: [example('sudoku')],
  })),
  ...[
    'candidates.txt',
    'lines.sdm',
    'grid.txt',
    'bands.txt',
    'simple.ss',
    'hodoku.txt',
    'bank.txt',
    'rated.txt',
  ].map((name) => ({ file: `sudoku-${name}`, urls: sudokus(name), isOfTheKindAbove: true })),
  ...['quizzes.csv', 'questions.jsonl', 'numbers.json'].map((name) => ({
    file: `sudoku-${name}`,
    urls: [example('sudoku')],
    isOfTheKindAbove: true,
    isSolved: true,
  })),
  { file: 'sudoku-cells.csv', urls: [example('sudoku')], isOfTheKindAbove: true },
  ...SIX.filter((name) => name !== 'sudoku').map((name) => ({
    file: `grid-${name}.txt`,
    urls: [example(name)],
    isOfTheKindAbove: true,
  })),
  ...['lightup', 'nurikabe', 'shakashaka', 'tapa'].map((name) => ({
    file: `cells-${name}.csv`,
    urls: [example(name)],
    isOfTheKindAbove: true,
  })),
  { file: 'letters-heyawake.txt', urls: [example('heyawake')], isOfTheKindAbove: true },
  { file: 'table-lightup.md', urls: [example('lightup')], isOfTheKindAbove: true },
  { file: 'links.html', urls: [example('lightup')] },
  ...['links.md', 'urls.csv', 'urls.json'].map((file) => ({ file, urls: two, isOfTheKindAbove: true })),
  { file: 'urls.jsonl', urls: two, isSolved: true },
]
