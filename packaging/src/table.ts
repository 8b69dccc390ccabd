/** What was tried and what came of it: written by the tests, printed when all have run. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Row {
  readonly runtime: string
  readonly bundler: string
  readonly what: string
  readonly result: string
}

const fileOf = (workshop: string) => join(workshop, 'rows.ndjson')

export function addRow(workshop: string, row: Row): void {
  appendFileSync(fileOf(workshop), `${JSON.stringify(row)}\n`)
}

/** The rows so far as a table of text. */
export function tableText(workshop: string): string {
  const file = fileOf(workshop)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  const rows = lines.map((line) => JSON.parse(line) as Row)
  const cells = [
    ['runtime', 'bundler', 'what', 'result'],
    ...rows.map(({ runtime, bundler, what, result }) => [runtime, bundler, what, result]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}
