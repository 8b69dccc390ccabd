/**
 * `npm run results [-- MODEL ... | --sizes [KIND-SIDE ...] | --people FILE ... | --page]`: measures bundled models by
 * `ptrm eval`, on 10x10, on boards of each size or on files of people's puzzles, and writes docs/results.md, or only the page;
 * the figures of training/figures.jsonl go into the page and the README.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Results } from '@ptrm/eval'
import { draw } from '@ptrm/eval/report'
import { bundledModels } from '@ptrm/models'
import { evaluate } from './evaluate.ts'
import { readPeople } from './people.ts'
import { measurePeople } from './people-runs.ts'
import { resultsPage } from './results-page.ts'
import { measureSizes } from './size-runs.ts'
import { readSizes, sizePicture } from './sizes.ts'
import { readFigures, shortTable, wholeSetTable, wideFigure, withTable } from './whole-sets.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RECORDS = join(ROOT, 'docs', 'results')

/** Stop rules whose saving is told; pruning was chosen on the development puzzles. */
const STOPS = ['first-verified', 'adaptive:0.01', 'adaptive,prune:12:-8', 'adaptive:0.01,prune:12:-8']

/** How each model is measured: on puzzles that serve for nothing else, with its recommended plan unless `plan` says another. */
const on = (data: string, perSource: number, ...plan: readonly string[]) => [
  ...[data, '--per-source', String(perSource), '--backend', 'wasm', '--seed', '1', ...plan],
  ...['--at', '1,4,16,64', '--stop', ...STOPS],
]
const sudoku = (perSource: number, steps: number) => {
  const plan = ['--rollouts', '64', '--steps', String(steps), '--sigma', '0.3', '--noise-target', 'zL']
  return on('examples/sudoku-test-300.csv', perSource, ...plan)
}
const pencil = (set: string, puzzles: number) => on(`training/testsets/${set}-test.jsonl.gz`, puzzles)
const EVALUATIONS: Readonly<Record<string, readonly string[]>> = {
  'sudoku-2': sudoku(20, 64),
  'lightup-3': pencil('lightup', 100),
  'tapa-5': pencil('tapa', 100),
  'shakashaka-3': pencil('shakashaka', 100),
  'heyawake-2': pencil('heyawake', 100),
  // Its boards are those that the other one does not take.
  'heyawake-3': pencil('heyawake-12', 50),
  'nurikabe-5': pencil('nurikabe', 100),
}

const SIZES = join(RECORDS, 'sizes.jsonl')
const PEOPLE = join(RECORDS, 'people.jsonl')

const USAGE = `Usage: npm run results [-- MODEL ... | --sizes [KIND-SIDE ...] | --people FILE ... | --page]
  MODEL ...       measures bundled models on boards of 10x10 (Sudoku: 9x9): these, or all, for hours
  --sizes         on boards of each size, or of those named, as tapa-15
  --people        on files of people's puzzles, of which only shares are kept
  --page          measures nothing: writes docs/results.md and the README's tables from what is there`

await main()

async function main(): Promise<void> {
  const { names, sizes, people, page } = readWanted()
  if (sizes) measureSizes(ROOT, SIZES, names)
  else if (people) await measurePeople(ROOT, PEOPLE, names)
  else if (!page) for (const name of names.length > 0 ? names : Object.keys(EVALUATIONS)) measure(name)
  await writePage()
}

/** Ends the process where the command line says nothing that can be done: what it starts may take hours. */
function readWanted() {
  const options = {
    sizes: { type: 'boolean' },
    people: { type: 'boolean' },
    page: { type: 'boolean' },
  } as const
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    if (Object.keys(values).length > 1)
      throw new RangeError(`found ${Object.keys(values)}, wanted one of them`)
    return { ...values, names: positionals }
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    return process.exit(2)
  }
}

/** Of all models that have results, measured now or before. */
async function writePage(): Promise<void> {
  const file = (name: string) => join(RECORDS, `${name}.json`)
  const [measured, unmeasured] = [true, false].map((is) =>
    bundledModels.filter(({ name }) => existsSync(file(name)) === is),
  )
  const results = measured!.map(({ name }) => JSON.parse(readFileSync(file(name), 'utf8')) as Results)
  const names = unmeasured!.map(({ name }) => name)
  const lines = readFigures(readFileSync(join(ROOT, 'training', 'figures.jsonl'), 'utf8'))
  const figures = [...lines, ...results.map(wideFigure)]
  const sizes = readSizes(readFileSync(SIZES, 'utf8'))
  const { svg } = await draw(sizePicture(sizes))
  writeFileSync(join(RECORDS, 'sizes.svg'), `${svg}\n`)
  const people = existsSync(PEOPLE) ? readPeople(readFileSync(PEOPLE, 'utf8')) : []
  const page = resultsPage(results, names, wholeSetTable(figures), sizes, people)
  writeFileSync(join(ROOT, 'docs', 'results.md'), page)
  const readme = join(ROOT, 'README.md')
  const table = shortTable(figures, people)
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), 'whole sets', table))
}

/** Runs what is left of a model's run, and keeps its figures. */
function measure(name: string): void {
  const evaluation = EVALUATIONS[name]
  if (!evaluation)
    throw new Error(
      `no evaluation of a model ${name}; benchmarks/src/results.ts has ${Object.keys(EVALUATIONS).join(', ')}`,
    )
  const run = evaluate(ROOT, name, [...evaluation, '--model', name])
  mkdirSync(RECORDS, { recursive: true })
  for (const ending of ['json', 'csv'])
    copyFileSync(join(run, `results.${ending}`), join(RECORDS, `${name}.${ending}`))
}
