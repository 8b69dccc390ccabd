/** What the soak does over and over: calls that end in every way in which a call can end. */
import { createSolver, type Solver } from '@ptrm/orchestrator'

const PUZZLES = [
  '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
  '.......12..3..45...6.17.......7..4....7.4..354....3..8..5..78...2..9....9..6.....',
]
/** Two 5s in a row. */
const CONTRADICTION = `55${'.'.repeat(79)}`

/** How a call ended: what it came to, or the name of its error. */
export type Ending = string

export interface Solvers {
  /** A bundled model: some thousandths of a second a step. */
  readonly real: Solver<'sudoku'>
  /** A model so small that most of the time goes into what is around it: threads, messages, timers. */
  readonly quick: Solver<'sudoku'>
  /** For solvers that come and go. */
  readonly quickModel: Uint8Array
}

interface Call {
  /** Times in a round of all calls. */
  readonly often: number
  /** What it must end in, each time. */
  readonly endings: readonly Ending[]
  /** `turn` is another number each time. */
  run(solvers: Solvers, turn: number): Promise<Ending>
}

/** No end before the world's. */
const ENDLESS = { rollouts: 100_000, stop: 'all' } as const
const cancelled = () => new Error('cancelled')

export const CALLS: Readonly<Record<string, Call>> = {
  solved: {
    often: 2,
    endings: ['verified'],
    run: async ({ real }, turn) => (await real.solve(PUZZLES[0]!, { rollouts: 64, seed: turn })).status,
  },
  ended: {
    often: 40,
    endings: ['end'],
    run: async ({ quick }, turn) =>
      (await quick.solve(PUZZLES[turn % 2]!, { rollouts: 16, steps: 1, seed: turn })).stoppedBy,
  },
  watched: {
    often: 20,
    endings: ['end'],
    async run({ quick }, turn) {
      let events = 0
      const plan = { rollouts: 4, steps: 4, stop: 'all', sketch: 16, seed: turn } as const
      const { stoppedBy } = await quick.solve(PUZZLES[0]!, { ...plan, onEvent: () => events++ })
      return events === 4 * 4 + 4 + 1 ? stoppedBy : `${events} events`
    },
  },
  'too late': {
    often: 5,
    endings: ['deadline'],
    run: async ({ quick }) => (await quick.solve(PUZZLES[1]!, { ...ENDLESS, deadline: 5 })).stoppedBy,
  },
  // The deadline is far off: its timer must go with the call.
  'in time': {
    often: 20,
    endings: ['end'],
    run: async ({ quick }) =>
      (await quick.solve(PUZZLES[0]!, { rollouts: 2, steps: 2, deadline: 1e9 })).stoppedBy,
  },
  cancelled: {
    often: 5,
    endings: ['cancelled'],
    run({ quick }, turn) {
      const abort = new AbortController()
      setTimeout(() => abort.abort(cancelled()), turn % 10)
      return errorOf(quick.solve(PUZZLES[1]!, { ...ENDLESS, signal: abort.signal }))
    },
  },
  'cancelled before': {
    often: 5,
    endings: ['cancelled'],
    run: ({ quick }) => errorOf(quick.solve(PUZZLES[0]!, { signal: AbortSignal.abort(cancelled()) })),
  },
  contradiction: {
    often: 5,
    endings: ['ContradictionError'],
    run: ({ quick }) => errorOf(quick.solve(CONTRADICTION)),
  },
  'bad text': {
    often: 5,
    endings: ['PuzzleParseError'],
    run: ({ quick }, turn) => errorOf(quick.solve(`no puzzle ${turn}`)),
  },
  'bad option': {
    often: 5,
    endings: ['PlanError'],
    run: ({ quick }) => errorOf(quick.solve(PUZZLES[0]!, { steps: -1 })),
  },
  // Threads, the kernel and the model come and go, with a call under way.
  'own solver': {
    often: 1,
    endings: ['Error'],
    async run({ quickModel }) {
      const solver = await createSolver({ model: quickModel, workers: 1, backend: 'wasm' })
      await solver.load()
      const open = errorOf(solver.solve(PUZZLES[1]!, ENDLESS))
      await solver.close()
      return open
    },
  },
}

/** All calls of a round, those of one kind far from each other. */
export const ROUND: readonly string[] = Object.entries(CALLS)
  .flatMap(([name, { often }]) => Array.from({ length: often }, (_, i) => ({ name, at: (i + 0.5) / often })))
  .sort((a, b) => a.at - b.at)
  .map(({ name }) => name)

/** What a call rejects with: the error's name, or what a plain one says. */
async function errorOf(call: Promise<unknown>): Promise<Ending> {
  try {
    await call
    return 'no error'
  } catch (error) {
    const { name, message } = error as Error
    return message === 'cancelled' ? message : name
  }
}
