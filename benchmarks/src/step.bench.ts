/** `pnpm bench`: GFLOPS of a whole deep recursion step on one thread, our kernel beside onnxruntime. */
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Machine, machineSlug, thisMachine } from './machine.ts'
import { type CaseResult, measureCase, type Row, type Spread } from './measure.ts'
import type { TrmSizes } from './random-trm.ts'

/** The sizes of the bundled model. */
const BUNDLED: TrmSizes = {
  seqLen: 81,
  prefix: 1,
  vocabSize: 10,
  hiddenSize: 128,
  tokenInner: 256,
  channelInner: 384,
  layers: 2,
  hCycles: 1,
  lCycles: 3,
}

/** The sizes of the official Sudoku model; inner widths are ceil256(round(4 * n * 2 / 3)), n = 97 and 512. */
const OFFICIAL: TrmSizes = {
  seqLen: 81,
  prefix: 16,
  vocabSize: 11,
  hiddenSize: 512,
  tokenInner: 512,
  channelInner: 1536,
  layers: 2,
  hCycles: 3,
  lCycles: 6,
}

const CASES = { 'bundled size': BUNDLED, 'official size': OFFICIAL }

interface BenchRecord {
  readonly date: string
  readonly machine: Machine
  readonly repeats: number
  readonly cases: readonly CaseResult[]
}

const USAGE = `Usage: pnpm bench [--repeats N] [--json] [--record]
  --repeats N  samples of each row; default 7
  --json       print the record in place of the table
  --record     also write benchmarks/record/<date>-<machine>.json`

async function main(): Promise<void> {
  const options = readOptions()
  const machine = thisMachine()
  const date = new Date().toISOString().slice(0, 10)
  const say = options.json ? () => {} : console.log
  say(
    `${date}, ${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(2)}, Node ${machine.node}`,
  )
  say(`One thread each, one rollout, ${options.repeats} repeats in turn: median (min..max)`)
  const cases: CaseResult[] = []
  for (const [name, sizes] of Object.entries(CASES)) {
    const result = await measureCase(name, sizes, options.repeats)
    say(`\n${caseTable(result)}`)
    cases.push(result)
  }
  const record: BenchRecord = { date, machine, repeats: options.repeats, cases }
  if (options.json) console.log(JSON.stringify(record, null, 2))
  if (options.record) console.error(`\nWrote ${await writeRecord(record)}`)
}

function readOptions(): { repeats: number; json: boolean; record: boolean } {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
    },
  })
  const repeats = Number(values.repeats)
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`--repeats: found ${values.repeats}, wanted a positive integer`)
  }
  return { ...values, repeats }
}

function caseTable({ name, sizes, flopsPerStep, rows }: CaseResult): string {
  const { hiddenSize, prefix, seqLen, layers, hCycles, lCycles } = sizes
  const title =
    `${name}: d ${hiddenSize}, T ${prefix + seqLen}, ${layers} layers, H ${hCycles}, L ${lCycles}, ` +
    `${(flopsPerStep / 1e6).toFixed(0)} MFLOP a step`
  const cells = [['', 'GFLOPS', 'ms a step', 'against onnxruntime-web'], ...rows.map(tableRow)]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [title, ...lines].join('\n')
}

function tableRow({ name, gflops, ratio, msPerStep }: Row): string[] {
  return [name, showSpread(gflops, 1), msPerStep.toFixed(2), showSpread(ratio, 2)]
}

function showSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`
}

async function writeRecord(record: BenchRecord): Promise<string> {
  const folder = new URL('../record/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const file = new URL(`${record.date}-${machineSlug(record.machine)}.json`, folder)
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`)
  return file.pathname
}

try {
  await main()
} catch (error) {
  const usage = error instanceof RangeError || (error instanceof TypeError && 'code' in error)
  console.error(usage ? `${error.message}\n${USAGE}` : error)
  process.exitCode = usage ? 2 : 1
}
