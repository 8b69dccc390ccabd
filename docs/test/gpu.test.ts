/** What `docs/gpu.md` and `docs/scale.md` say of a GPU is what scripts/gpu-check.sh recorded there. */
import { expect, it } from 'vitest'
import { read } from './blocks.ts'

const text = read('docs/gpu.md')
const exact = (value: number) => value.toLocaleString('en-US')

interface Step {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
  // biome-ignore lint/suspicious/noExplicitAny: each step has figures of its own
  readonly figures: any
}

const stepsOf = (run: number): Map<string, Step> => {
  const file = `benchmarks/record/2026-11-28-nvidia-h200-${run}-gpu-check.json`
  const { steps } = JSON.parse(read(file)) as { steps: Step[] }
  return new Map(steps.map((step) => [step.name, step]))
}
const [first, second] = [stepsOf(1), stepsOf(2)]

it('all steps passed, in the time that is told', () => {
  const steps = [...second.values()]
  expect(steps.map(({ passed }) => passed)).toEqual(Array(7).fill(true))
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0)
  expect(text).toContain(
    `All seven steps but the bench, which has a run of its own, pass in ${Math.ceil(seconds)} s`,
  )
  expect(first.get('contract')!.passed).toBe(false)
})

it('noise, parity and agreement are as they were found', () => {
  const { shapes } = second.get('noise')!.figures as { shapes: { values: number; unequal: number }[] }
  expect(shapes.every(({ unequal }) => unequal === 0)).toBe(true)
  expect(text).toContain(`in all ${exact(shapes.reduce((sum, { values }) => sum + values, 0))} values`)
  const { results } = second.get('parity')!.figures as { results: { verdict: string; maxError: number }[] }
  expect(results.every(({ verdict }) => verdict === 'agrees')).toBe(true)
  const largest = Math.max(...results.map(({ maxError }) => maxError)).toExponential(1)
  expect(text).toContain(`agree in all ${results.length} runs, to ${largest} of the largest value`)
  const { puzzles, solved, answersThatDiffer } = second.get('agreement')!.figures
  expect(answersThatDiffer).toBe(0)
  expect(solved.wasm).toBe(solved.onnx)
  expect(text).toContain(`${solved.onnx} of ${puzzles} puzzles are solved, as on wasm`)
})

it('the solved shares are as they were counted', () => {
  const { rows } = second.get('shares')!.figures
  const names = { sudoku: 'Sudokus', tapa: 'Tapas', lightup: 'Light Ups' }
  for (const [kind, name] of Object.entries(names)) {
    const [f32, tf32, fp16] = ['f32', 'TF32', 'fp16'].map((precision) =>
      rows.find((row: { kind: string; name: string }) => row.kind === kind && row.name === precision),
    )
    const solved = [f32, tf32, fp16].map((row) => row.solved)
    expect(text).toContain(
      `| ${exact(f32.puzzles)} ${name} solved | ${[...solved, f32.solvedByReference].join(' | ')} |`,
    )
    const alone = [f32, tf32, fp16].map((row) => `${row.solvedAlone}, ${row.lost}`)
    expect(text).toContain(`| ... won and lost against wasm | ${alone.join(' | ')} | |`)
  }
  const { differ } = rows[0]
  expect(text).toContain(`In f32, ${differ} of the 1,000 answers to Sudokus differ`)
})

it('a million puzzles take as long as its rollout-steps a second make it', () => {
  const { measures } = first.get('bench')!.figures
  const found = measures.find(
    (each: { model: string; slots: number; contender: { name: string } }) =>
      each.model === 'sudoku' && each.slots === 1024 && each.contender.name === 'ptrm f32',
  )
  const { median } = found.rolloutStepsPerSecond
  const hours = 1.6e9 / median / 3600
  expect(read('docs/scale.md')).toContain(
    `${exact(Math.round(median / 100) * 100)} rollout-steps of a Sudoku a second in f32, 1,024 side by side ([on a GPU](gpu.md)): 1.6 billion take it ${hours.toFixed(1)} h, which at $2.5 an hour is $${(hours * 2.5).toFixed(0)}`,
  )
})
