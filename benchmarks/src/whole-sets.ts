/**
 * Whole test sets, from the figures that `ptrm_training.evaluate` wrote to training/figures.jsonl and, where it measured no
 * width, from docs/results: the table of docs/results.md with intervals, and the README's short one.
 */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Estimate, markdownTable, percent, type Results } from '@ptrm/eval'
import { bundledModel } from '@ptrm/models'
import { type PeopleRecord, shortPeople } from './people.ts'

/** In percent, as Python writes it. */
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
  /** Where they come from. */
  readonly boards: string
  /** Its bundled model is the one that is measured. */
  readonly kind: string
  readonly data: string
  readonly source?: string
  /** D of plain TRM, and of the wide run. */
  readonly steps: readonly [number, number]
  /** What we wanted of plain / best-Q / verified. */
  readonly goals: readonly [number, number, number]
}

const HARD = 'sudoku-hard-test.csv'
const pencil = (puzzles: string, kind: string, goals: Row['goals']): Row => ({
  ...{ puzzles, kind, goals, boards: 'generated, 10x10', steps: [16, 16] },
  data: `${kind}-test.jsonl.gz`,
})
const sudoku = (
  [puzzles, boards]: readonly [string, string],
  steps: Row['steps'],
  goals: Row['goals'],
  source?: string,
): Row => ({
  ...{ puzzles, boards, kind: 'sudoku', goals, steps },
  ...(source === undefined ? { data: 'sudoku-test.jsonl.gz' } : { data: HARD, source }),
})

const ROWS: readonly Row[] = [
  sudoku(['Sudoku, generated minimal', 'generated, minimal'], [64, 32], [95, 99.8, 100]),
  sudoku(['Sudoku, 17 clues', 'by people'], [64, 32], [85, 99.5, 100], '17'),
  sudoku(['Sudoku, forum’s hardest', 'by people'], [64, 64], [20, 97, 98], 'forum'),
  pencil('Light Up', 'lightup', [95, 99.5, 99.8]),
  pencil('Tapa', 'tapa', [90, 97, 99]),
  pencil('Shakashaka', 'shakashaka', [95, 99.5, 99.8]),
  pencil('Heyawake', 'heyawake', [95, 99.5, 99.8]),
  pencil('Nurikabe', 'nurikabe', [90, 97, 99]),
]

const nameOf = ({ model }: Figure) => model.split('/').at(-2)
/** A share of `of` puzzles as the other tables tell it. */
const estimate = ({ percent, interval: [low, high] }: Share, of: number): Estimate => ({
  share: percent / 100,
  low: low / 100,
  high: high / 100,
  of,
})

interface Shown {
  readonly row: Row
  readonly model: string
  readonly plain: Figure
  readonly wide: Figure
}

/** What `ptrm eval` measured at a run's whole width, as `ptrm_training.evaluate` would have written it. */
export function wideFigure({ run, groups: [all] }: Results): Figure {
  const { model, data, plan } = run
  const { solved } = all.atK.find(({ k }) => k === plan.rollouts)!
  const share = ({ share, low, high }: Estimate): Share => {
    return { percent: 100 * share, interval: [100 * low, 100 * high] }
  }
  return {
    model: `${model.name}/model.safetensors`,
    ...{ sha256: model.sha256, data: data.name, source: null, n: all.puzzles },
    ...{ K: plan.rollouts, D: plan.steps, sigma: Number(plan.sigma) },
    ...{ pass: share(solved.pass!), best_q: share(solved['best-q']!), reached: share(solved.verified!) },
  }
}

/** The figures that the table shows, of each row the plain one and the wide one. Throws where one is missing. */
export function shownFigures(figures: readonly Figure[]): Shown[] {
  return ROWS.map((row) => {
    const model = bundledModel(row.kind)!.name
    const shipped = hash('sha256', readFileSync(bundledModel(row.kind)!.weights))
    const find = (K: number, D: number) => {
      const all = figures.filter(
        (f) =>
          nameOf(f) === model &&
          f.data === row.data &&
          f.source === (row.source ?? null) &&
          f.K === K &&
          f.D === D,
      )
      // Of the very file, where it was measured; else of one that differs by rounding, as results.md says.
      const found = all.find(({ sha256 }) => sha256 === shipped) ?? all[0]
      if (!found) throw new Error(`no figure of ${model} on ${row.data} with K=${K}, D=${D}`)
      return found
    }
    return { row, model, plain: find(1, row.steps[0]), wide: find(64, row.steps[1]) }
  })
}

/** The table of docs/results.md. A figure below its goal carries a star. */
export function wholeSetTable(figures: readonly Figure[]): string {
  const head = ['puzzles', 'n', 'model', 'plain TRM', 'best-Q@64', 'pass@64', 'verified@64', 'goals']
  const rows = shownFigures(figures).map(({ row: { puzzles, goals }, model, plain, wide }) => {
    const [alone, bestQ, verified] = [plain.pass, wide.best_q, wide.reached].map(
      (share, i) => percent(estimate(share, wide.n)) + (share.percent < goals[i]! ? '*' : ''),
    ) as [string, string, string]
    const pass = percent(estimate(wide.pass, wide.n))
    return [puzzles, counts(plain.n, wide.n), model, alone, bestQ, pass, verified, goals.join(' / ')]
  })
  return markdownTable([head, ...rows])
}

function counts(plain: number, wide: number): string {
  return plain === wide ? String(plain) : `${plain} (64 tries: ${wide})`
}

/** The README's table: the same figures without intervals, and beside them those of people's boards. */
export function shortTable(figures: readonly Figure[], people: readonly PeopleRecord[]): string {
  const head = ['puzzles', 'alone', '64 tries, by q', '64 tries, by the rules', 'measured on', 'by people']
  const rows = shownFigures(figures).map(({ row: { puzzles, boards, kind }, plain, wide }) => {
    const shares = [plain.pass, wide.best_q, wide.reached].map(({ percent }) => percent.toFixed(1))
    return [puzzles, ...shares, `${counts(plain.n, wide.n)} ${boards}`, shortPeople(people, kind)]
  })
  return markdownTable([head, ...rows])
}

/** A text with a table put between the marks of that name: `<!-- NAME -->` and `<!-- /NAME -->`, lines of their own. */
export function withTable(text: string, name: string, table: string): string {
  const [before, after] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`]
  const begin = text.indexOf(before)
  const end = text.indexOf(after)
  if (begin < 0 || end < begin) throw new Error(`the text has no ${before.trim()} ... ${after.trim()}`)
  return text.slice(0, begin + before.length) + table + text.slice(end)
}

/** The lines of training/figures.jsonl. */
export function readFigures(text: string): Figure[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Figure)
}
