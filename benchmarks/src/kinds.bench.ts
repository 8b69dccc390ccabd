/** `pnpm bench:kinds`: how many boards a second each puzzle kind's rules judge, on one core, right and wrong ones. */
import { type AnyKind, kinds } from '@ptrm/puzzles'
import { type Board, ERRORS, solvedBoards, withErrors } from './kinds-boards.ts'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'

/** The rules run beside every step of every rollout: slower than this, they would show. */
const WANTED_PER_SECOND = 20_000
const WARM_UP_MS = 150
const SAMPLE_MS = 50

/** What is asked of a kind, each with the board's decoding as a worker does it. Returns whether it is solved. */
const QUESTIONS: Readonly<Record<string, (kind: AnyKind, board: Board) => boolean>> = {
  isSolved: (kind, { puzzle, tokens }) => kind.isSolved(puzzle, kind.decode(puzzle, tokens)),
  verify: (kind, { puzzle, tokens }) => kind.verify(puzzle, kind.decode(puzzle, tokens)).length === 0,
}

interface Case {
  readonly kind: AnyKind
  readonly size: string
  readonly question: string
  readonly errors: string
  readonly boards: readonly Board[]
}

interface CaseFigure {
  readonly kind: string
  readonly size: string
  readonly question: string
  readonly errors: string
  readonly boardsPerSecond: Spread
}

async function bench(repeats: number, say: (text: string) => void): Promise<{ figures: CaseFigure[] }> {
  say(`One thread, ${repeats} repeats in turn: thousand boards a second of CPU time, median (min..max)\n`)
  const cases = [...kinds.values()].flatMap(casesOf)
  for (const one of cases) checkVerdicts(one)
  // All of them first: the code that kinds share gets no faster for the one that comes first.
  for (const one of cases) sample(one, WARM_UP_MS)
  const samples = cases.map((): number[] => [])
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [i, one] of cases.entries()) samples[i]!.push(sample(one, SAMPLE_MS))
  const figures = cases.map(({ kind, size, question, errors }, i): CaseFigure => {
    return { kind: kind.name, size, question, errors, boardsPerSecond: spread(samples[i]!) }
  })
  say(tableOf(figures))
  say('')
  for (const question of Object.keys(QUESTIONS)) say(slowest(question, figures))
  return { figures }
}

function casesOf(kind: AnyKind): Case[] {
  const solved = solvedBoards(kind)
  const { rows, cols } = kind.size(solved[0]!.puzzle)
  return Object.keys(QUESTIONS).flatMap((question) =>
    Object.entries(ERRORS).map(([errors, errorsOf]) => {
      return { kind, size: `${rows}x${cols}`, question, errors, boards: withErrors(solved, errorsOf) }
    }),
  )
}

/** A time counts only for right verdicts: the solutions are unique, so that any error is one. */
function checkVerdicts({ kind, question, errors, boards }: Case): void {
  const wrong = boards.filter((board) => QUESTIONS[question]!(kind, board) !== (errors === 'solved'))
  if (wrong.length > 0)
    throw new Error(
      `${kind.name}: ${question} is wrong about ${wrong.length} of ${boards.length} boards (${errors})`,
    )
}

/** Boards a second of this thread's own CPU time, over at least `ms` milliseconds: others on the machine don't count. */
function sample({ kind, question, boards }: Case, ms: number): number {
  const ask = QUESTIONS[question]!
  const start = process.threadCpuUsage()
  let rounds = 0
  let elapsed = 0
  do {
    for (const board of boards) ask(kind, board)
    rounds++
    const { user, system } = process.threadCpuUsage(start)
    elapsed = (user + system) / 1000
  } while (elapsed < ms)
  return (1000 * rounds * boards.length) / elapsed
}

/** Figures come in the order of the cases: all errors of one question in a row. */
function tableOf(figures: readonly CaseFigure[]): string {
  const columns = Object.keys(ERRORS)
  const rows = figures.filter((_, i) => i % columns.length === 0)
  const cells = rows.map(({ kind, size, question }, row) => {
    const across = figures.slice(row * columns.length, (row + 1) * columns.length)
    return [kind, size, question, ...across.map(({ boardsPerSecond }) => inThousands(boardsPerSecond))]
  })
  return alignColumns([['kind', 'board', 'question', ...columns], ...cells])
}

function inThousands({ median, min, max }: Spread): string {
  return showSpread({ median: median / 1000, min: min / 1000, max: max / 1000 }, 0)
}

function slowest(question: string, figures: readonly CaseFigure[]): string {
  const [first] = figures
    .filter((figure) => figure.question === question)
    .toSorted((a, b) => a.boardsPerSecond.median - b.boardsPerSecond.median)
  const { kind, errors, boardsPerSecond } = first!
  const verdict = boardsPerSecond.median < WANTED_PER_SECOND ? 'below' : 'above'
  return `slowest ${question}: ${kind}, ${errors}, ${Math.round(boardsPerSecond.median)} boards a second, ${verdict} the ${WANTED_PER_SECOND} wanted`
}

await runBench({ name: 'kinds', command: 'pnpm bench:kinds' }, bench)
