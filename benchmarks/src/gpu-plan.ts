/** What the bench on a GPU measures, most important first, so that a short time still tells the most. */
import { BUNDLED_PUZZLE, type GpuModelName } from './gpu-models.ts'
import type { Provider } from './gpu-options.ts'
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

/** Cells for which PyTorch compiles before the first of them is timed. */
export interface Stage {
  readonly name: string
  readonly cells: readonly Cell[]
}

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
function solvers(kind: GpuModelName, rollouts: number): Contender[] {
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
    several(8, 'graph', 'loop'),
    several(8, 'graph', 'unrolled'),
    several(8, 'host', 'loop'),
    several(16, 'graph', 'loop'),
    several(32, 'graph', 'loop'),
    ours('f32', { stepsPerRun: 1 }, '1 step a run'),
    CONTENDERS.fp16,
    CONTENDERS.tf32,
    several(8, 'host', 'unrolled'),
    several(16, 'graph', 'unrolled'),
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

/** Variants beside the one that they are compared with. */
const SIDE_BY_SIDE = 2

/** Of a puzzle, in a rehearsal. */
const FEW_ROLLOUTS = 4

/** At each number of slots all models, before any at the next. */
function cellsOf(
  provider: Provider,
  models: readonly GpuModelName[],
  contendersOf: (model: GpuModelName) => readonly Contender[],
  counts: readonly number[],
): Cell[] {
  // PyTorch takes a hundred times as long in bfloat16 on most CPUs.
  const isHere = ({ precision }: Contender) => provider === 'cuda' || precision !== 'bf16'
  return counts.flatMap((slots) =>
    models.map((model) => ({ model, slots, contenders: contendersOf(model).filter(isHere) })),
  )
}

/** Few beside the first of them at a time, as those that make the noise of many steps at once take gigabytes. */
function variantCells(provider: Provider, slots: number): Cell[] {
  const [first, ...others] = variants() as [Contender, ...Contender[]]
  const count = Math.ceil(others.length / SIDE_BY_SIDE)
  return Array.from({ length: count }, (_, i) => {
    const some = others.slice(i * SIDE_BY_SIDE, (i + 1) * SIDE_BY_SIDE)
    return cellsOf(provider, ['tapa'], () => [first, ...some], [slots])
  }).flat()
}

/** The stages in the order of their worth. */
export function planOf(provider: Provider): Stage[] {
  const { full, few } = SLOTS[provider]
  const [usual, more] = full as [number, number]
  const rollouts = provider === 'cuda' ? BUNDLED_PUZZLE.rollouts : FEW_ROLLOUTS
  const c = CONTENDERS
  const main = [c.f32, c.fp16, c.compiledBf16, c.compiledF32]
  // What is open at once comes before what must be compiled.
  const others = [
    ...[c.f32, c.tf32, c.eagerBf16, c.eagerF32, c.graphBf16, c.graphF32],
    ...[c.compiledTf32, c.rowsBf16, c.rowsF32],
  ]
  const official = [c.fp16, c.f32, c.compiledBf16, c.compiledF32]
  const both = ['tapa', 'sudoku'] as const
  const on = (
    models: readonly GpuModelName[],
    contenders: readonly Contender[],
    counts: readonly number[],
  ): Cell[] => cellsOf(provider, models, () => contenders, counts)
  return [
    {
      name: 'variants',
      cells: [
        ...variantCells(provider, usual),
        ...on(['sudoku'], [c.f32, c.fp16, c.tf32], [usual]),
        ...variantCells(provider, more),
      ],
    },
    { name: 'official', cells: on(['official'], official, provider === 'cuda' ? [64, 256, 1024] : [2]) },
    { name: 'puzzles', cells: cellsOf(provider, both, (kind) => solvers(kind, rollouts), [usual, more]) },
    { name: 'main', cells: on(both, main, full) },
    { name: 'ways', cells: [...on(both, others, [usual]), ...on(['tapa'], others, [more])] },
    { name: 'few', cells: on(both, [...main, c.graphBf16, c.graphF32], few) },
    {
      name: 'official-more',
      cells: [
        ...on(['official'], [c.tf32, c.compiledTf32, c.graphBf16], [usual]),
        ...on(['official'], official, [...full.slice(-1), ...few]),
      ],
    },
  ]
}

/** A contender on a model. */
export interface Pair {
  /** The name by which its process knows it. */
  readonly key: string
  readonly model: GpuModelName
  readonly contender: Contender
  /** That it is opened with, as an engine may fill batches up to its slots. Undefined for PyTorch, which takes any number. */
  readonly slots: number | undefined
}

export function pairOf({ model, slots }: Pick<Cell, 'model' | 'slots'>, contender: Contender): Pair {
  const { side, name } = contender
  const key = `${model}|${side}|${name}`
  return side === 'pytorch'
    ? { key, model, contender, slots: undefined }
    : { key: `${key}|${slots}`, model, contender, slots }
}

/** Each once, in the order in which they are needed. */
export function pairsOf({ cells }: Stage): Pair[] {
  const all = cells.flatMap((cell) => cell.contenders.map((contender) => pairOf(cell, contender)))
  return [...new Map(all.map((pair) => [pair.key, pair])).values()]
}
