/** What the bench on a GPU measures, most important first, so that a short time still tells the most. */
import { BUNDLED_PUZZLE, type GpuModelName } from './gpu-models.ts'
import type { Precision } from './gpu-sums.ts'

/** Whose process runs it: ptrm's engine without and with TF32, ptrm's solver, or PyTorch. */
export type Side = 'ptrm' | 'ptrm-tf32' | 'solver' | 'pytorch'

/** One way of running rollouts. */
export interface Contender {
  readonly name: string
  readonly side: Side
  readonly precision: Precision
  /** As its side takes them when it opens a model. */
  readonly options: Readonly<Record<string, unknown>>
}

/** Contenders that are timed in turn, on one model with so many slots. */
export interface Cell {
  readonly model: GpuModelName
  readonly slots: number
  readonly contenders: readonly Contender[]
}

/** Cells whose contenders are opened (and compiled) together, before the first of them is timed. */
export interface Stage {
  readonly name: string
  readonly cells: readonly Cell[]
}

export type Provider = 'cuda' | 'cpu'

/** Everyone by name. Without options an engine runs as it does for callers who choose nothing. */
const CONTENDERS = {
  f32: ours('f32', {}),
  fp16: ours('fp16', { fp16: true }),
  tf32: { name: 'ptrm tf32', side: 'ptrm-tf32', precision: 'tf32', options: { tf32: true } },
  compiledF32: pytorch('f32', { compile: true }),
  compiledTf32: pytorch('tf32', { compile: true }),
  compiledBf16: pytorch('bf16', { compile: true }),
  eagerF32: pytorch('f32', {}),
  eagerBf16: pytorch('bf16', {}),
  rowsF32: pytorch('f32', { compile: true, mix: 'rows' }),
  rowsBf16: pytorch('bf16', { compile: true, mix: 'rows' }),
  graphF32: pytorch('f32', { compile: true, graph: true }),
  graphBf16: pytorch('bf16', { compile: true, graph: true }),
} as const satisfies Record<string, Contender>

function ours(precision: 'f32' | 'fp16', options: Contender['options'], name = ''): Contender {
  return { name: `ptrm ${precision}${name && `, ${name}`}`, side: 'ptrm', precision, options }
}

/** As gpu_bench.py takes them. */
interface PyTorchOptions {
  readonly compile?: boolean
  readonly graph?: boolean
  readonly mix?: 'columns' | 'rows'
}

function pytorch(dtype: 'f32' | 'tf32' | 'bf16', how: PyTorchOptions): Contender {
  const words = `${how.compile ? 'compiled' : 'eager'}${how.graph ? ', CUDA graph' : ''}${how.mix === 'rows' ? ', by rows' : ''}`
  return {
    name: `PyTorch ${words} ${dtype}`,
    side: 'pytorch',
    precision: dtype,
    options: { dtype, ...how },
  }
}

/** Whole puzzles of a kind through the solver, of so many rollouts. */
function solvers(kind: 'tapa' | 'sudoku', rollouts: number): Contender[] {
  return (['all', 'first-verified'] as const).flatMap((stop) =>
    (['f32', 'fp16'] as const).map((precision): Contender => {
      const words = stop === 'all' ? 'all rollouts' : 'until one is verified'
      const options = { kind, stop, rollouts, fp16: precision === 'fp16' }
      return { name: `solver ${precision}, ${words}`, side: 'solver', precision, options }
    }),
  )
}

/** Ways of cutting rollouts into runs and of making noise, those that may be best first. */
export function variants(): Contender[] {
  const several = (stepsPerRun: number, noise: 'graph' | 'host', form: 'loop' | 'unrolled') =>
    ours('f32', { stepsPerRun, noise, form }, `${stepsPerRun} steps a run, ${form}, noise of the ${noise}`)
  return [
    several(16, 'graph', 'loop'),
    several(16, 'graph', 'unrolled'),
    several(16, 'host', 'loop'),
    ours('f32', { stepsPerRun: 1 }, '1 step a run'),
    several(8, 'graph', 'loop'),
    several(8, 'graph', 'unrolled'),
    several(8, 'host', 'loop'),
  ]
}

/** From the most important; a GPU that is not full is told last, as PyTorch compiles for a single board anew. */
const SLOTS: Readonly<
  Record<Provider, { readonly full: readonly number[]; readonly few: readonly number[] }>
> = {
  cuda: { full: [256, 1024, 64, 4096], few: [16, 1] },
  // A rehearsal: the same list on a machine that computes a thousandth as fast.
  cpu: { full: [2, 4], few: [1] },
}

/** Of a puzzle, in a rehearsal. */
const FEW_ROLLOUTS = 4

/** Slots that every engine of a plan is opened with. */
export function mostSlots(provider: Provider): number {
  return Math.max(...SLOTS[provider].full)
}

export function planOf(provider: Provider): Stage[] {
  const { full, few } = SLOTS[provider]
  const [usual, more] = full as [number, number]
  const rollouts = provider === 'cuda' ? BUNDLED_PUZZLE.rollouts : FEW_ROLLOUTS
  const c = CONTENDERS
  // PyTorch takes a hundred times as long in bfloat16 on most CPUs.
  const here = ({ precision }: Contender) => provider === 'cuda' || precision !== 'bf16'
  const on = (model: GpuModelName, contenders: readonly Contender[], counts: readonly number[]): Cell[] =>
    counts.map((count) => ({ model, slots: count, contenders: contenders.filter(here) }))
  // Both models at one number of slots before any at the next.
  const onBoth = (contenders: readonly Contender[], counts: readonly number[]) =>
    counts.flatMap((count) => (['tapa', 'sudoku'] as const).flatMap((name) => on(name, contenders, [count])))
  const main = [c.f32, c.fp16, c.compiledBf16, c.compiledF32]
  const others = [
    ...[c.f32, c.tf32, c.compiledTf32, c.graphBf16, c.graphF32],
    ...[c.rowsBf16, c.rowsF32, c.eagerBf16, c.eagerF32],
  ]
  const official = [c.fp16, c.compiledBf16, c.f32, c.compiledF32]
  return [
    { name: 'main', cells: onBoth(main, full) },
    { name: 'variants', cells: on('tapa', variants(), [usual, more]) },
    {
      name: 'whole puzzles',
      cells: [usual, more].flatMap((count) =>
        (['tapa', 'sudoku'] as const).flatMap((kind) => on(kind, solvers(kind, rollouts), [count])),
      ),
    },
    { name: 'official', cells: on('official', official, full) },
    { name: 'other ways', cells: [...onBoth(others, [usual]), ...on('tapa', others, [more])] },
    { name: 'few slots', cells: onBoth([...main, c.graphBf16, c.graphF32], few) },
    {
      name: 'official, others',
      cells: [
        ...on('official', [c.tf32, c.compiledTf32, c.graphBf16], [usual]),
        ...on('official', official, few),
      ],
    },
  ]
}
