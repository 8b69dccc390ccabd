/** The times that `docs/gpu.md` tells of a GPU are those of the records. */
import { expect, it } from 'vitest'
import { read } from './blocks.ts'

interface Measure {
  readonly model: string
  readonly slots: number
  readonly contender: { readonly name: string }
  readonly rolloutStepsPerSecond: { readonly median: number }
  readonly peakShare: number
  readonly dollarsPerPuzzle: number
}

interface Profile {
  readonly model: string
  readonly slots: number
  readonly runMs: number
  readonly waiting: boolean
  readonly options: { readonly noise: string; readonly fp16?: boolean }
  readonly nodes: readonly { readonly op: string; readonly shapes: string; readonly ms: number }[]
}

const record = (name: string) => JSON.parse(read(`benchmarks/record/2026-11-28-nvidia-h200-${name}.json`))
const text = read('docs/gpu.md')
const exact = (value: number) => Math.round(value).toLocaleString('en-US')

const { steps } = record('1-gpu-check') as { steps: { name: string; figures: { measures: Measure[] } }[] }
const first = steps.find(({ name }) => name === 'bench')!.figures.measures
const { profiles } = record('2-profiles') as { profiles: Profile[] }

const of = (all: readonly Measure[], model: string, slots: number, name: string) =>
  all.find((one) => one.model === model && one.slots === slots && one.contender.name === name)!

it('rollout-steps a second beside PyTorch', () => {
  const names = ['ptrm f32', 'PyTorch compiled f32', 'PyTorch compiled bf16']
  const rows = { tapa: [64, 256, 1024, 4096], sudoku: [64, 256, 1024] }
  for (const [model, counts] of Object.entries(rows))
    for (const slots of counts) {
      const rates = names.map((name) => exact(of(first, model, slots, name).rolloutStepsPerSecond.median))
      expect(text).toContain(`| ${slots} | ${rates.join(' | ')} |`)
    }
  const [ours, theirs] = names.map((name) => of(first, 'tapa', 4096, name))
  const percent = (one: Measure) => `${(100 * one.peakShare).toFixed(0)}%`
  expect(text).toContain(`${percent(ours!)} of the card's f32 peak against ${percent(theirs!)}`)
  const dollars = ours!.dollarsPerPuzzle
  expect(text).toContain(
    `costs $${dollars.toExponential(1)} at $2.5 an hour, ${exact(0.001 / dollars)} times less`,
  )
})

it('where the time goes', () => {
  const waiting = profiles.filter((one) => one.waiting && one.slots === 1024)
  const exactly = waiting.find(({ options }) => options.noise === 'host')!
  const half = waiting.find(({ options }) => options.fp16)!
  // The noise has latents in blocks of 8 values, and so values of 872 or 6,976 in a row.
  const isNoise = (shapes: string) => /\b(872|6976)\b/.test(shapes)
  const micros = ({ slots, nodes }: Profile, wanted: (op: string, shapes: string) => boolean) => {
    const ms = nodes.reduce((sum, { op, shapes, ms }) => sum + (wanted(op, shapes) ? ms : 0), 0)
    return ((1000 * ms) / slots / 8).toFixed(1)
  }
  const rows: Record<string, (op: string, shapes: string) => boolean> = {
    products: (op) => op.endsWith('MatMul'),
    'SwiGLU between them': (op, shapes) => ['Mul', 'QuickGelu'].includes(op) && !isNoise(shapes),
    'norms and transposes': (op) => op === 'Transpose' || op.endsWith('Normalization'),
  }
  for (const [name, wanted] of Object.entries(rows))
    expect(text).toContain(`| ${name} | ${micros(exactly, wanted)} | ${micros(half, wanted)} |`)
  expect(text).toContain(`| noise, made by the graph | | ${micros(half, (_, shapes) => isNoise(shapes))} |`)
  const official = profiles.find(({ model }) => model === 'official')!
  expect(text).toContain(`8 steps of ${official.slots} rollouts take ${exact(official.runMs)} ms so in f32`)
})
