/** What the benchmarks share around their clocks: samples summed up, tables, options and dated records. */
import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Machine, machineSlug, thisMachine } from './machine.ts'

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

export function showSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`
}

/** Rows of cells as lines with aligned columns. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

export interface BenchOptions {
  readonly repeats: number
  readonly json: boolean
  readonly record: boolean
}

/** When and where figures were taken; every record starts with it. */
export interface Circumstances {
  readonly date: string
  readonly machine: Machine
  readonly repeats: number
}

/**
 * Runs a benchmark as a command: reads its options, says on what it runs, and prints or keeps the record that `bench`
 * returns. `name` ends the record's file name, `command` is for the usage text.
 */
export async function runBench<R extends object>(
  { name, command }: { readonly name?: string; readonly command: string },
  bench: (repeats: number, say: (text: string) => void) => Promise<R>,
): Promise<void> {
  try {
    const options = readOptions()
    const machine = thisMachine()
    const circumstances = { date: new Date().toISOString().slice(0, 10), machine, repeats: options.repeats }
    const say = options.json ? () => {} : console.log
    say(
      `${circumstances.date}, ${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(2)}, Node ${machine.node}`,
    )
    const record = { ...circumstances, ...(await bench(options.repeats, say)) }
    if (options.json) console.log(JSON.stringify(record, null, 2))
    if (options.record) console.error(`\nWrote ${await writeRecord(record, name)}`)
  } catch (error) {
    const usage = error instanceof RangeError || (error instanceof TypeError && 'code' in error)
    console.error(usage ? `${error.message}\n${usageOf(command)}` : error)
    process.exitCode = usage ? 2 : 1
  }
}

const usageOf = (command: string) => `Usage: ${command} [--repeats N] [--json] [--record]
  --repeats N  samples of each row; default 7
  --json       print the record in place of the table
  --record     also write it to benchmarks/record, by date and machine`

function readOptions(): BenchOptions {
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

async function writeRecord(record: Circumstances, name: string | undefined): Promise<string> {
  const folder = new URL('../record/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const parts = [record.date, machineSlug(record.machine), ...(name ? [name] : [])]
  const file = new URL(`${parts.join('-')}.json`, folder)
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`)
  return file.pathname
}
