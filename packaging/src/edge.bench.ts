/**
 * `npm run bench:edge`: the example worker in workerd, asked one puzzle at a time: its size, and the CPU time that an answer
 * takes, that of HTTP and all of workerd's threads included. Beside it the same in Node's calling thread, in turn. Answers are
 * compared first. Linux, which tells a process's CPU time.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createSolver, type Solver } from '@ptrm/orchestrator'
import { alignColumns, runBench, type Spread, showSpread, spread } from '../../benchmarks/src/report.ts'
import { ROOT } from './packed.ts'
import { installRuntimes } from './runtimes.ts'
import { bundleWorker, cpuMsOf, type ServedWorker, serveWorker } from './workerd.ts'

/** As in the example, whose steps are the model's own. */
const PLAN = { rollouts: 16, steps: 32, seed: 1 } as const
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const linesOf = (file: string) =>
  readFileSync(join(ROOT, 'examples', file), 'utf8')
    .trimEnd()
    .split('\n')
/** Puzzles of each row; CPU time is told by hundredths of a second, so the easy one is asked for often. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  "the README's easy Sudoku": Array(50).fill(EASY),
  'the first 50 of examples/sudoku-dev-200.csv': linesOf('sudoku-dev-200.csv')
    .slice(1, 51)
    .map((line) => line.split(',')[1]!),
  'the seven of examples/sudoku-hard.txt': linesOf('sudoku-hard.txt').filter((line) => !line.startsWith('#')),
}

interface Row {
  readonly name: string
  readonly puzzles: number
  readonly verified: number
  /** Steps of an answer, on average. */
  readonly steps: number
  readonly workerdCpuMs: Spread
  readonly nodeCpuMs: Spread
}

type Answer = { readonly status: string; readonly answer: string; readonly q: number }

async function bench(repeats: number, say: (text: string) => void) {
  await installRuntimes()
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-edge-'))
  const solver = await createSolver({ workers: 0, kernelVariant: 'simd128' })
  let worker: ServedWorker | undefined
  try {
    const bundle = await bundled(folder)
    const bytes = sizeOf(bundle)
    say(`${bytes.plain} bytes in ${bytes.files} files, ${bytes.gzip} after gzip`)
    worker = await serveWorker(bundle, 'worker.js')
    const rows: Row[] = []
    for (const [name, puzzles] of Object.entries(SETS))
      rows.push({ name, ...(await measured(puzzles, worker, solver, repeats)) })
    say(
      `K = ${PLAN.rollouts}, D = ${PLAN.steps}, seed ${PLAN.seed}, plain SIMD; ms of CPU time an answer, median (min..max) of ${repeats}`,
    )
    say(alignColumns([['', 'verified', 'steps', 'workerd', 'Node'], ...rows.map(cells)]))
    return { plan: PLAN, bytes, rows }
  } finally {
    await worker?.close()
    await solver.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The example's bundle, of the packages as they are built here. */
async function bundled(folder: string): Promise<string> {
  const scope = join(folder, 'node_modules', '@ptrm')
  mkdirSync(scope, { recursive: true })
  for (const name of ['core-wasm', 'models', 'orchestrator', 'puzzles'])
    symlinkSync(join(ROOT, 'packages', name), join(scope, name), 'junction')
  copyFileSync(join(ROOT, 'examples/edge/worker.js'), join(folder, 'worker.js'))
  await bundleWorker(folder, 'worker.js', join(folder, 'dist'))
  return join(folder, 'dist')
}

function sizeOf(bundle: string) {
  const files = readdirSync(bundle).map((file) => readFileSync(join(bundle, file)))
  const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0)
  return {
    files: files.length,
    plain: sum(files.map((file) => file.length)),
    gzip: sum(files.map((file) => gzipSync(file).length)),
  }
}

async function measured(
  puzzles: readonly string[],
  worker: ServedWorker,
  solver: Solver<'sudoku'>,
  repeats: number,
) {
  const { verified, steps } = await compared(puzzles, worker, solver)
  const [workerd, node]: [number[], number[]] = [[], []]
  for (let repeat = 0; repeat < repeats; repeat++) {
    const before = cpuMsOf(worker.process)
    for (const puzzle of puzzles) await ask(worker, puzzle)
    workerd.push((cpuMsOf(worker.process) - before) / puzzles.length)
    const own = process.cpuUsage()
    for (const puzzle of puzzles) await solver.solve(puzzle, PLAN)
    const { user, system } = process.cpuUsage(own)
    node.push((user + system) / 1000 / puzzles.length)
  }
  const counts = { puzzles: puzzles.length, verified, steps }
  return { ...counts, workerdCpuMs: spread(workerd), nodeCpuMs: spread(node) }
}

/** Throws where the two differ. */
async function compared(puzzles: readonly string[], worker: ServedWorker, solver: Solver<'sudoku'>) {
  let [verified, steps] = [0, 0]
  for (const text of puzzles) {
    const found = await ask(worker, text)
    const { status, puzzle, answer, q, stats } = await solver.solve(text, PLAN)
    const wanted = { status, q, answer: solver.kind.answerToLine(puzzle, answer!) }
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      throw new Error(`workerd answers ${JSON.stringify(found)}, Node ${JSON.stringify(wanted)}`)
    if (status === 'verified') verified += 1
    steps += stats.steps
  }
  return { verified, steps: steps / puzzles.length }
}

async function ask({ origin }: ServedWorker, puzzle: string): Promise<Answer> {
  return (await fetch(`${origin}/?puzzle=${puzzle}`)).json() as Promise<Answer>
}

function cells({ name, puzzles, verified, steps, workerdCpuMs, nodeCpuMs }: Row): string[] {
  return [
    name,
    `${verified} of ${puzzles}`,
    steps.toFixed(1),
    showSpread(workerdCpuMs, 1),
    showSpread(nodeCpuMs, 1),
  ]
}

await runBench({ name: 'edge', command: 'npm run bench:edge --' }, bench)
