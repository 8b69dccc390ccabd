/** `pnpm bench`: GFLOPS of a whole deep recursion step on one thread, our kernel beside onnxruntime. */
import { type CaseResult, measureCase, type Row } from './measure.ts'
import { BUNDLED, OFFICIAL } from './random-trm.ts'
import { alignColumns, runBench, showSpread } from './report.ts'

const CASES = { 'bundled size': BUNDLED, 'official size': OFFICIAL }

async function bench(repeats: number, say: (text: string) => void): Promise<{ cases: CaseResult[] }> {
  say(`One thread each, one rollout, CPU time, ${repeats} repeats in turn: median (min..max)`)
  const cases: CaseResult[] = []
  for (const [name, sizes] of Object.entries(CASES)) {
    const result = await measureCase(name, sizes, repeats)
    say(`\n${caseTable(result)}`)
    cases.push(result)
  }
  return { cases }
}

function caseTable({ name, sizes, flopsPerStep, rows }: CaseResult): string {
  const { hiddenSize, prefix, seqLen, layers, hCycles, lCycles } = sizes
  const title =
    `${name}: d ${hiddenSize}, T ${prefix + seqLen}, ${layers} layers, H ${hCycles}, L ${lCycles}, ` +
    `${(flopsPerStep / 1e6).toFixed(0)} MFLOP a step`
  return [
    title,
    alignColumns([['', 'GFLOPS', 'ms a step', 'against onnxruntime-web'], ...rows.map(tableRow)]),
  ].join('\n')
}

function tableRow({ name, gflops, ratio, msPerStep }: Row): string[] {
  return [name, showSpread(gflops, 1), msPerStep.toFixed(2), showSpread(ratio, 2)]
}

await runBench({ command: 'pnpm bench' }, bench)
