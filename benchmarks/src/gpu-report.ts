/** The record of the bench on a GPU, with its sums, and what is told of it. */
import type { GpuModel, GpuModelName } from './gpu-models.ts'
import type { Found, LeftOut, Measure } from './gpu-run.ts'
import { dollarsPerPuzzle, fixedShare, PAPER, peakFlops, puzzlesPerSecond } from './gpu-sums.ts'
import { alignColumns, showSpread } from './report.ts'

/** A measure with its sums. */
export interface Summed extends Measure {
  /** Of the plain TRM's products. */
  readonly tflops: number
  /** Of what the card can do at most in that precision; undefined for a card that is not in the table. */
  readonly peakShare: number | undefined
  /** Counted by the solver, which may stop early; for the others a puzzle is all of its rollouts. */
  readonly puzzlesPerSecond: number
  readonly dollarsPerPuzzle: number
}

/** Of a run of the longest length measured: what copies and start take of it. */
export interface FixedShare {
  readonly model: GpuModelName
  readonly slots: number
  readonly contender: string
  readonly share: number
}

export interface GpuRecord extends Omit<Found, 'measures'> {
  readonly price: number
  readonly card: string
  readonly models: readonly Omit<GpuModel, 'boards' | 'file' | 'denseFile'>[]
  readonly measures: readonly Summed[]
  readonly fixedShares: readonly FixedShare[]
  readonly paper: typeof PAPER
}

/** More measures that were left out for one reason are only counted; the record names all. */
const MOST_NAMED = 12

/** `about`: what the record says besides, of machine and options. */
export function recordOf<About extends { readonly price: number }>(
  about: About,
  { measures, ...rest }: Found,
  models: ReadonlyMap<GpuModelName, GpuModel>,
  card: string,
): About & GpuRecord {
  return {
    ...about,
    card,
    models: [...models.values()].map(({ boards: _, file: __, denseFile: ___, ...model }) => model),
    measures: measures.map((measure) => summed(measure, models.get(measure.model)!, card, about.price)),
    fixedShares: fixedShares(measures),
    ...rest,
    paper: PAPER,
  }
}

function summed(
  measure: Measure,
  { flopsPerRolloutStep, puzzle }: GpuModel,
  card: string,
  price: number,
): Summed {
  const rate = measure.rolloutStepsPerSecond.median
  const flops = rate * flopsPerRolloutStep
  const peak = peakFlops(card, measure.contender.precision)
  const isSolver = measure.contender.side === 'solver'
  const puzzles = isSolver ? 1000 / measure.msPerRun.median : puzzlesPerSecond(rate, puzzle)
  return {
    ...measure,
    tflops: flops / 1e12,
    peakShare: peak === undefined ? undefined : flops / peak,
    puzzlesPerSecond: puzzles,
    dollarsPerPuzzle: dollarsPerPuzzle(puzzles, price),
  }
}

/** From ways that differ in their steps a run alone. */
function fixedShares(measures: readonly Measure[]): FixedShare[] {
  const several = measures.filter(({ stage }) => stage === 'variants')
  const alike = Map.groupBy(several, ({ model, slots, contender: { options } }) => {
    const { stepsPerRun: _, ...how } = options
    return JSON.stringify([model, slots, how])
  })
  return [...alike.values()].flatMap((ways) => {
    const byLength = ways.toSorted((a, b) => a.stepsPerRun - b.stepsPerRun)
    const [short, long] = [byLength[0]!, byLength.at(-1)!]
    if (short.stepsPerRun === long.stepsPerRun) return []
    const run = ({ stepsPerRun: steps, msPerRun }: Measure) => ({ steps, ms: msPerRun.median })
    const share = fixedShare(run(short), run(long))
    return [{ model: long.model, slots: long.slots, contender: long.contender.name, share }]
  })
}

/** One measure, as soon as it is there. */
export function lineOf({ model, slots, contender, ...of }: Measure): string {
  const rate = Math.round(of.rolloutStepsPerSecond.median).toLocaleString('en')
  const what = contender.side === 'solver' ? 'puzzle' : `run of ${of.stepsPerRun.toFixed(0)} steps`
  const who = `${model.padEnd(8)} ${String(slots).padStart(4)} slots  ${contender.name.padEnd(44)}`
  return `${who} ${rate.padStart(11)} rollout-steps/s  ${showSpread(of.msPerRun, 2)} ms a ${what}`
}

/** The best of each model and contender, with what a puzzle costs; who disagrees; what was left out. */
export function reportOf(record: GpuRecord): string {
  const apart = record.agreements.filter(({ sameTokens }) => sameTokens < 1)
  return [
    ...(record.card === 'cpu' ? ['\nA rehearsal: on a CPU the figures mean nothing.'] : []),
    ...record.models.flatMap((model) => tableOf(model, record)),
    ...record.fixedShares.map(
      ({ model, slots, contender, share }) =>
        `${model}, ${slots} slots, ${contender}: ${percent(share)} of a run is copies and start`,
    ),
    ...apart.map(
      ({ model, contender, with: other, sameTokens, q }) =>
        `${model}: ${contender} says ${percent(sameTokens)} of the tokens of ${other} after one step; q is off by ${q.toExponential(1)}`,
    ),
    ...leftOutLines(record.leftOut),
  ].join('\n')
}

function tableOf(model: GpuRecord['models'][number], { measures, price, paper }: GpuRecord): string[] {
  const mine = measures.filter((measure) => measure.model === model.name)
  if (mine.length === 0) return []
  const { title, puzzle, flopsPerRolloutStep, denseWeights } = model
  const best = [...Map.groupBy(mine, ({ contender }) => contender.name).values()].map(
    (all) => all.toSorted((a, b) => b.rolloutStepsPerSecond.median - a.rolloutStepsPerSecond.median)[0]!,
  )
  const head = ['at its best', 'slots', 'rollout-steps/s', 'TFLOPS', 'of peak', 'puzzles/s', 'a puzzle']
  const rows = best.map((one) => [
    ...[one.contender.name, String(one.slots)],
    Math.round(one.rolloutStepsPerSecond.median).toLocaleString('en'),
    ...[one.tflops.toFixed(2), one.peakShare === undefined ? '' : percent(one.peakShare)],
    ...[one.puzzlesPerSecond.toFixed(2), `$${one.dollarsPerPuzzle.toExponential(2)}`],
    `${(paper.dollarsPerPuzzle / one.dollarsPerPuzzle).toPrecision(3)}x`,
  ])
  const gflop = (flopsPerRolloutStep / 1e9).toFixed(3)
  const counted = `K=${puzzle.rollouts}, D=${puzzle.steps} at $${price} an hour`
  return [
    `\n${title}: ${denseWeights.toLocaleString('en')} dense weights, ${gflop} GFLOP a rollout-step; a puzzle of ` +
      `${counted} (the paper: ${paper.secondsPerPuzzle} s, $${paper.dollarsPerPuzzle})`,
    alignColumns([[...head, 'below the paper'], ...rows]),
    '',
  ]
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  return [...Map.groupBy(leftOut, ({ why }) => why)].map(([why, all]) => {
    const names = all.map(({ model, slots, contender }) => `${model} ${slots} ${contender}`)
    return `left out, ${why}: ${all.length > MOST_NAMED ? `${all.length} measures` : names.join('; ')}`
  })
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`
