/**
 * `pnpm bench`: a whole deep recursion step on one thread, noise included: our kernel on free weights and on the same
 * written out dense, beside onnxruntime; and what the core could do at best.
 */
import { type BareLoop, clockTicks, multiplyAdds } from './bare-loops.ts'
import { NATIVE, OWN_DENSE, PEER } from './contenders.ts'
import { type CaseResult, measureCase, type Row } from './measure.ts'
import { OFFICIAL } from './random-trm.ts'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'
import { sampleInTurn } from './sampling.ts'
import { bundledSubject, randomSubject } from './subjects.ts'

/** Two units for fused multiply-adds, as x86 cores have since 2013, times four lanes, times two operations. */
const FLOPS_PER_TICK = 2 * 4 * 2

/** What one core can do in 128-bit SIMD. */
interface Limits {
  readonly clockGhz: Spread
  /** Of `FLOPS_PER_TICK` at that clock. */
  readonly peakGflops: number
  /** Of a bare loop in V8, by variant of the kernel. */
  readonly bareGflops: Readonly<Record<'relaxed' | 'simd128', Spread>>
}

async function bench(
  repeats: number,
  say: (text: string) => void,
): Promise<{ limits: Limits; cases: CaseResult[] }> {
  say(
    `One thread each, one rollout, noise on z_L included, CPU time, ${repeats} repeats in turn: median (min..max)`,
  )
  say('(onnxruntime gets its noise from the kernel, as in our onnx engine)')
  const peak = await multiplyAdds('relaxed')
  const limits = await measureLimits(peak, repeats)
  const { clockGhz, peakGflops, bareGflops } = limits
  say(
    `\nThe core: ${showSpread(clockGhz, 2)} GHz, so ${peakGflops.toFixed(1)} GFLOPS at best by two 128-bit multiply-adds a tick; ` +
      `bare loops in V8: fused ${showSpread(bareGflops.relaxed, 1)}, multiplied and added ${showSpread(bareGflops.simd128, 1)}`,
  )
  const cases: CaseResult[] = []
  const subjects = [
    bundledSubject('sudoku'),
    bundledSubject('lightup'),
    randomSubject('official size, random weights', OFFICIAL, 1),
  ]
  for (const subject of subjects) {
    const result = await measureCase(subject, peak, repeats)
    say(`\n${caseTable(result)}`)
    cases.push(result)
  }
  return { limits, cases }
}

async function measureLimits(peak: BareLoop, repeats: number): Promise<Limits> {
  const loops = [await clockTicks(), peak, await multiplyAdds('simd128')] as const
  const samples = await sampleInTurn(loops, repeats)
  const [clockGhz, relaxed, simd128] = loops.map(({ flops }, i) =>
    spread(samples[i]!.map((ms) => flops / ms / 1e6)),
  ) as [Spread, Spread, Spread]
  return { clockGhz, peakGflops: FLOPS_PER_TICK * clockGhz.median, bareGflops: { relaxed, simd128 } }
}

function caseTable({ name, rows, noise }: CaseResult): string {
  const peers = [OWN_DENSE, PEER, NATIVE].filter((peer) => rows[0]!.speedup[peer])
  const head = ['', 'ms a step', ...peers.map((peer) => `x ${peer}`), 'MFLOP', 'GFLOPS', 'of the bare loop']
  const percent = ({ median, min, max }: Spread) =>
    `${showSpread({ median: 100 * median, min: 100 * min, max: 100 * max }, 1)}%`
  const cells = (row: Row) => [
    row.name,
    showSpread(row.msPerStep, 3),
    ...peers.map((peer) => showSpread(row.speedup[peer]!, 2)),
    (row.flopsPerStep / 1e6).toFixed(1),
    showSpread(row.gflops, 1),
    percent(row.peakShare),
  ]
  return [
    name,
    alignColumns([head, ...rows.map(cells)]),
    `noise of ${rows[0]!.name}: ${percent(noise.share)} of a step by leaving it out; ` +
      `alone ${showSpread(noise.ms, 4)} ms, ${percent(noise.shareAlone)}`,
  ].join('\n')
}

await runBench({ command: 'pnpm bench' }, bench)
