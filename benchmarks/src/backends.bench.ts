/**
 * `pnpm bench:backends`: whether a rollout is the same rollout on the kernel, which runs free weights, and on onnxruntime,
 * which runs the same written out dense: for each step, how many answers are equal and how far q strays, over 50 puzzles x 16
 * rollouts of two bundled models.
 */
import { type Backend, createSolver, type StepEvent } from '@ptrm/orchestrator'
import { alignColumns, runBench } from './report.ts'
import { devPuzzles } from './subjects.ts'

const ROLLOUTS = 16
const STEPS = 16
const PLAN = {
  rollouts: ROLLOUTS,
  steps: STEPS,
  sigma: 0.3,
  seed: 1,
  stop: 'all',
  includeDeterministic: false,
} as const
const PUZZLES = 50
const KINDS = ['sudoku', 'lightup'] as const

interface StepAgreement {
  readonly step: number
  readonly pairs: number
  /** Share of rollouts whose tokens are all equal. */
  readonly equalAnswers: number
  /** Share of the cells that are equal. */
  readonly equalCells: number
  /** Quantiles of |q - q'|. */
  readonly qMedian: number
  readonly q99: number
  readonly qMost: number
}

async function run(
  model: (typeof KINDS)[number],
  backend: Backend,
  puzzles: readonly string[],
): Promise<Map<string, StepEvent>> {
  const solver = await createSolver({ model, backend })
  const events = new Map<string, StepEvent>()
  await Promise.all(
    puzzles.map((puzzle, i) =>
      solver.solve(puzzle, {
        ...PLAN,
        onEvent: (event) => {
          if (event.type === 'step') events.set(`${event.step}/${i}/${event.rollout}`, event)
        },
      }),
    ),
  )
  await solver.close()
  return events
}

interface KindAgreement {
  readonly kind: string
  readonly steps: readonly StepAgreement[]
}

async function bench(repeats: number, say: (text: string) => void): Promise<{ kinds: KindAgreement[] }> {
  if (repeats !== 1) say('(one repeat: the same plan gives the same numbers)')
  const kinds: KindAgreement[] = []
  for (const kind of KINDS) {
    const puzzles = devPuzzles(kind, PUZZLES)
    const [wasm, onnx] = [await run(kind, 'wasm', puzzles), await run(kind, 'onnx-cpu', puzzles)]
    const steps = Array.from({ length: STEPS }, (_, i) => agreement(i + 1, wasm, onnx))
    say(
      `\n${puzzles.length} dev puzzles of ${kind}, K ${ROLLOUTS}, D ${STEPS}, sigma 0.3 on z_L, seed 1; wasm against onnx-cpu\n`,
    )
    sayTable(steps, say)
    kinds.push({ kind, steps })
  }
  return { kinds }
}

function sayTable(steps: readonly StepAgreement[], say: (text: string) => void): void {
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`
  say(
    alignColumns([
      ['step', 'equal answers', 'equal cells', '|dq| median', '99%', 'most'],
      ...steps.map((one) => [
        String(one.step),
        percent(one.equalAnswers),
        percent(one.equalCells),
        one.qMedian.toExponential(1),
        one.q99.toExponential(1),
        one.qMost.toExponential(1),
      ]),
    ]),
  )
}

function agreement(
  step: number,
  a: ReadonlyMap<string, StepEvent>,
  b: ReadonlyMap<string, StepEvent>,
): StepAgreement {
  const pairs = [...a]
    .filter(([key]) => key.startsWith(`${step}/`))
    .map(([key, event]) => [event, b.get(key)!] as const)
  const equal = pairs.map(([x, y]) => x.tokens.filter((token, cell) => token === y.tokens[cell]).length)
  const dq = pairs.map(([x, y]) => Math.abs(x.q - y.q)).sort((x, y) => x - y)
  const cells = pairs[0]![0].tokens.length
  return {
    step,
    pairs: pairs.length,
    equalAnswers: equal.filter((count) => count === cells).length / pairs.length,
    equalCells: equal.reduce((sum, count) => sum + count, 0) / pairs.length / cells,
    qMedian: dq[dq.length >> 1]!,
    q99: dq[Math.floor(0.99 * dq.length)]!,
    qMost: dq.at(-1)!,
  }
}

await runBench({ name: 'backends', command: 'pnpm bench:backends' }, bench)
