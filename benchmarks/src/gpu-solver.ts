/**
 * Whole puzzles through ptrm's solver as a contender of the bench on a GPU: rollouts of many puzzles in the same slots, stop
 * rules, the rules' verdicts and all that travels between threads. `node gpu-solver.ts ENGINE` answers requests
 * (gpu-protocol.ts) on stdin; a run is a puzzle.
 */
import { createPool, createSolver, type Solver, type SolverPool } from '@ptrm/orchestrator'
import type { Answers, Pass, Request, Sample } from './gpu-protocol.ts'
import { milliseconds, serve } from './gpu-serve.ts'
import { testPuzzles } from './subjects.ts'

/** Rollouts in flight over slots: more than fill them, as those of a puzzle do not end together. */
const IN_FLIGHT = 2
const PUZZLES = 200

interface Opened {
  readonly kind: string
  readonly options: Readonly<Record<string, unknown>>
  readonly puzzles: readonly unknown[]
  next: number
  running?: { readonly slots: number; readonly pool: SolverPool; readonly solver: Solver }
}

const engine = process.argv[2] ?? 'onnx-cpu'
const all = new Map<string, Opened>()

async function answer(request: Request): Promise<Answers[Request['op']]> {
  switch (request.op) {
    case 'hello':
      return { device: engine, version: 'the solver' }
    case 'open': {
      const { kind, ...options } = request.options
      const puzzles = testPuzzles(kind as string, PUZZLES)
      return {
        ms: await milliseconds(() =>
          all.set(request.name, { kind: kind as string, options, puzzles, next: 0 }),
        ),
      }
    }
    case 'warm':
      return { ms: await milliseconds(() => measure({ ...request, seconds: 0 })) }
    case 'measure':
      return measure(request)
    case 'answers':
    case 'profile':
      throw new Error('a solver has no single steps')
    case 'close':
      await stop(find(request.name))
      all.delete(request.name)
      return {}
  }
}

function find(name: string): Opened {
  const opened = all.get(name)
  if (!opened) throw new Error(`${name} is not open`)
  return opened
}

/** A solver whose pool has so many slots, the last one if it has. */
async function solverOf(opened: Opened, slots: number): Promise<Solver> {
  if (opened.running?.slots !== slots) {
    await stop(opened)
    const { fp16 } = opened.options as { fp16?: boolean }
    const pool = await createPool({ backend: engine, model: opened.kind, onnx: { slots, fp16 }, workers: 1 })
    opened.running = { slots, pool, solver: await createSolver({ model: opened.kind, pool }) }
  }
  return opened.running!.solver
}

async function stop(opened: Opened): Promise<void> {
  await opened.running?.solver.close()
  await opened.running?.pool.close()
  delete opened.running
}

/**
 * Puzzles that end within so many seconds, once as many have ended as are in flight; so neither the beginning, when the slots
 * fill, nor the end counts. At least one.
 */
async function measure({ name, slots, steps, sigma, seconds }: Pass & { seconds: number }): Promise<Sample> {
  const opened = find(name)
  const { rollouts, stop } = opened.options as { rollouts: number; stop: 'all' | 'first-verified' }
  const solver = await solverOf(opened, slots)
  const inFlight = Math.ceil((IN_FLIGHT * slots) / rollouts)
  let [ended, started, last] = [0, 0, 0]
  let [puzzles, rolloutSteps] = [0, 0]
  const isOver = () => puzzles > 0 && last - started >= 1000 * seconds
  const client = async () => {
    while (!isOver()) {
      const puzzle = opened.puzzles[opened.next++ % opened.puzzles.length]
      const { stats } = await solver.solve(puzzle as string, { rollouts, steps, sigma, stop })
      if (isOver()) return
      ended += 1
      last = performance.now()
      if (ended === inFlight) started = last
      if (ended <= inFlight) continue
      puzzles += 1
      rolloutSteps += stats.steps
    }
  }
  await Promise.all(Array.from({ length: inFlight }, client))
  return { rolloutSteps, seconds: (last - started) / 1000, runs: puzzles }
}

await serve(answer)
