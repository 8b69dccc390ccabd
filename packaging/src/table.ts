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

/** The rows so far as a table of text; what came out alike on one runtime and bundler shares a line. */
export function tableText(workshop: string): string {
  const file = fileOf(workshop)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  const groups = new Map<string, string[]>()
  for (const { runtime, bundler, what, result } of lines.map((line) => JSON.parse(line) as Row)) {
    const key = JSON.stringify([runtime, bundler, result])
    groups.set(key, [...(groups.get(key) ?? []), what])
  }
  const rows = [...groups].map(([key, whats]) => [...(JSON.parse(key) as string[]), whats.join(', ')])
  const cells = [['runtime', 'bundler', 'result', 'what'], ...rows.sort()]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`).join('\n')
}
