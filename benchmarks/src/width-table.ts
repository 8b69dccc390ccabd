/** `npm run width -- PUZZLES.csv RESULTS.ndjson ...`: prints the README's table of what width does. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { header, type Puzzle, type Result, ResultsError, tableRow } from './width.ts'

const [csv, ...files] = process.argv.slice(2)
if (csv === undefined || files.length === 0) {
  console.error('Usage: npm run width -- PUZZLES.csv RESULTS.ndjson ...   (of ptrm solve PUZZLES.csv --json)')
  process.exit(2)
}
try {
  const puzzles = parse<Puzzle>(readFileSync(csv, 'utf8'), { columns: true })
  console.log(header(puzzles))
  for (const file of files) console.log(tableRow(puzzles, readResults(file), file))
} catch (error) {
  if (!(error instanceof ResultsError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function readResults(file: string): Result[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line): Result => JSON.parse(line))
}
