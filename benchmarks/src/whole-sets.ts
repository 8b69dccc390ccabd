/** The README's table of whole test sets, from the figures that `ptrm_training.evaluate` wrote to training/figures.jsonl. */

interface Share {
  readonly percent: number
  readonly interval: readonly [number, number]
}

/** A line of training/figures.jsonl, as far as the table needs it. */
export interface Figure {
  /** Path of the model file, from training/. */
  readonly model: string
  /** Its SHA-256. */
  readonly sha256: string
  readonly data: string
  readonly source: string | null
  readonly K: number
  readonly D: number
  readonly sigma: number
  readonly n: number
  readonly pass: Share
  readonly best_q: Share
  /** Some step of some rollout held the solution. */
  readonly reached: Share
}

interface Row {
  readonly puzzles: string
  readonly model: string
  readonly data: string
  readonly source?: string
  /** D of plain TRM, and of the wide run. */
  readonly steps: readonly [number, number]
  /** What we wanted of plain / best-Q / verified. */
  readonly goals: readonly [number, number, number]
}

const HARD = 'sudoku-hard-test.csv'
const pencil = (puzzles: string, model: string, goals: Row['goals']): Row => ({
  ...{ puzzles, model, goals, steps: [16, 16] },
  data: `${model.split('-')[0]}-test.jsonl.gz`,
})

const ROWS: readonly Row[] = [
  {
    ...{ puzzles: 'Sudoku, generated minimal', model: 'sudoku-2', data: 'sudoku-test.jsonl.gz' },
    ...{ steps: [64, 32], goals: [95, 99.8, 100] },
  },
  {
    ...{ puzzles: 'Sudoku, 17 clues', model: 'sudoku-2', data: HARD, source: '17' },
    ...{ steps: [64, 32], goals: [85, 99.5, 100] },
  },
  {
    ...{ puzzles: 'Sudoku, forum’s hardest', model: 'sudoku-2', data: HARD, source: 'forum' },
    ...{ steps: [64, 64], goals: [15, 90, 92] },
  },
  pencil('Light Up', 'lightup-2', [85, 97, 99]),
  pencil('Tapa', 'tapa-1', [65, 90, 95]),
  pencil('Shakashaka', 'shakashaka-2', [65, 90, 95]),
  pencil('Heyawake', 'heyawake-2', [50, 80, 90]),
  pencil('Nurikabe', 'nurikabe-2', [50, 80, 90]),
]

const nameOf = ({ model }: Figure) => model.split('/').at(-2)
const share = ({ percent, interval: [low, high] }: Share) =>
  `${percent.toFixed(1)} (${low.toFixed(1)}-${high.toFixed(1)})`

/** The figures that the table shows, of each row the plain one and the wide one. Throws where one is missing. */
export function shownFigures(figures: readonly Figure[]): { row: Row; plain: Figure; wide: Figure }[] {
  return ROWS.map((row) => {
    const find = (K: number, D: number) => {
      const found = figures.find(
        (f) =>
          nameOf(f) === row.model &&
          f.data === row.data &&
          f.source === (row.source ?? null) &&
          f.K === K &&
          f.D === D,
      )
      if (!found) throw new Error(`no figure of ${row.model} on ${row.data} with K=${K}, D=${D}`)
      return found
    }
    return { row, plain: find(1, row.steps[0]), wide: find(64, row.steps[1]) }
  })
}

/** Markdown. A figure below its goal carries a star. */
export function wholeSetTable(figures: readonly Figure[]): string {
  const lines = shownFigures(figures).map(({ row, plain, wide }) => {
    const shown = [plain.pass, wide.best_q, wide.reached]
    const [alone, bestQ, verified] = shown.map(
      (found, i) => share(found) + (found.percent < row.goals[i]! ? '*' : ''),
    )
    const cells = [row.puzzles, plain.n, row.model, alone, bestQ, share(wide.pass), verified]
    return `| ${[...cells, row.goals.join(' / ')].join(' | ')} |`
  })
  const head = 'puzzles | n | model | plain TRM | best-Q@64 | pass@64 | verified@64 | goals'
  return [`| ${head} |`, `|${'---|'.repeat(head.split('|').length)}`, ...lines].join('\n')
}

const [BEGIN, END] = ['<!-- whole sets -->\n', '\n<!-- /whole sets -->']

/** The text with the table put between its marks. */
export function withWholeSetTable(text: string, figures: readonly Figure[]): string {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`the text has no ${BEGIN.trim()} ... ${END.trim()}`)
  return text.slice(0, begin + BEGIN.length) + wholeSetTable(figures) + text.slice(end)
}

/** The lines of training/figures.jsonl. */
export function readFigures(text: string): Figure[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure)
}
