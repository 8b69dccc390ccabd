/**
 * `pnpm bench:solve`: how long a puzzle takes through the running solver on the kernel, by the wall clock: easy Sudokus with
 * one worker, and the forum's hardest with two. Each puzzle alone, one after the other.
 */
import { readFileSync } from 'node:fs'
import { createSolver, type SolveOptions } from '@ptrm/orchestrator'
import { cpuMs } from './clock.ts'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'
import { easySudokus } from './subjects.ts'

interface Case {
  readonly name: string
  readonly puzzles: readonly string[]
  readonly workers: number
  /** Besides what the model recommends. */
  readonly plan: SolveOptions
}

interface Row {
  readonly name: string
  readonly puzzles: number
  /** How many of them it verified. */
  readonly verified: number
  readonly workers: number
  /** Over the puzzles: each one's median of the repeats. */
  readonly wallMs: Spread
  /** CPU time of all threads, so that others on the machine count less. */
  readonly cpuMs: Spread
  /** Deep recursion steps of a puzzle, of all its rollouts. */
  readonly steps: Spread
}

/** More would only repeat what two say. */
const MOST_REPEATS_OF_HARD = 2

async function bench(repeats: number, say: (text: string) => void): Promise<{ rows: Row[] }> {
  const easy = await measure(
    { name: 'easy Sudokus', puzzles: easySudokus(50), workers: 1, plan: { stop: 'first-verified' } },
    repeats,
  )
  const hard = await measure(
    {
      name: "the forum's hardest, K 100, D 64",
      puzzles: hardestSudokus(),
      workers: 2,
      plan: { stop: 'first-verified', rollouts: 100, steps: 64 },
    },
    Math.min(repeats, MOST_REPEATS_OF_HARD),
  )
  const rows = [easy, hard]
  say('Through the running solver, first-verified, warm: median (min..max) over the puzzles\n')
  const head = ['', 'puzzles', 'verified', 'workers', 'ms', 'ms of CPU time', 'steps']
  say(
    alignColumns([
      head,
      ...rows.map((row) => [
        ...[row.name, String(row.puzzles), String(row.verified), String(row.workers)],
        ...[showSpread(row.wallMs, 1), showSpread(row.cpuMs, 1), showSpread(row.steps, 0)],
      ]),
    ]),
  )
  return { rows }
}

async function measure({ name, puzzles, workers, plan }: Case, repeats: number): Promise<Row> {
  const solver = await createSolver({ model: 'sudoku', backend: 'wasm', workers })
  const solve = async (puzzle: string) => {
    const started = performance.now()
    const result = await solver.solve(puzzle, plan)
    return { wallMs: performance.now() - started, result }
  }
  // Until V8 has compiled the kernel in every worker.
  for (const puzzle of puzzles.slice(0, 20)) await solve(puzzle)
  const samples = puzzles.map(() => ({
    wallMs: [] as number[],
    cpuMs: [] as number[],
    steps: 0,
    verified: false,
  }))
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [i, puzzle] of puzzles.entries()) {
      const sample = samples[i]!
      sample.cpuMs.push(
        await cpuMs(async () => {
          const { wallMs, result } = await solve(puzzle)
          sample.wallMs.push(wallMs)
          sample.steps = result.stats.steps
          sample.verified = result.status === 'verified'
        }),
      )
    }
  }
  await solver.close()
  const medians = (of: 'wallMs' | 'cpuMs') => spread(samples.map((sample) => spread(sample[of]).median))
  return {
    ...{ name, workers, puzzles: puzzles.length },
    verified: samples.filter(({ verified }) => verified).length,
    ...{
      wallMs: medians('wallMs'),
      cpuMs: medians('cpuMs'),
      steps: spread(samples.map(({ steps }) => steps)),
    },
  }
}

/** Those of the dev examples that the forum rates 11 or more. */
function hardestSudokus(): string[] {
  const text = readFileSync(new URL('../../examples/sudoku-dev-200.csv', import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line.includes('forum hardest'))
  return lines.map((line) => line.split(',')[1]!)
}

await runBench({ name: 'solve', command: 'pnpm bench:solve' }, bench)
