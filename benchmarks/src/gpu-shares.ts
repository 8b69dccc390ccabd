/**
 * `node benchmarks/src/gpu-shares.ts`: what a precision does to answers. Plain rollouts (no noise, D = 16) of 1,000 Sudokus and
 * 1,000 pencil puzzles on the onnx engine in f32, TF32 and fp16, paired with the kernel's answers: how many are solved, by
 * which side alone, and how many answers differ at all. Within a time limit; `--provider cpu` rehearses it.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundledModel } from '@ptrm/models'
import { kindNamed } from '@ptrm/puzzles'
import { type Provider, readPositive, readProvider, tellEnd } from './gpu-options.ts'
import { ContenderError, Contenders, engineCommand } from './gpu-protocol.ts'
import { alignColumns } from './report.ts'
import { testPuzzles } from './subjects.ts'

const USAGE = `Usage: node benchmarks/src/gpu-shares.ts [--provider cuda|cpu] [--seconds N] [--count N] [--json FILE]
  --provider  cuda, or cpu to rehearse; default cuda
  --seconds   time limit of the whole; default 60
  --count     puzzles of each test set at most; default 500
  --json      where the record goes`

/** Test sets by the kind whose model runs them: no model has trained on their puzzles. All boards of a kind are of one size. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  sudoku: ['sudoku-test.jsonl.gz', 'sudoku-hard-test.csv'],
  tapa: ['tapa-test.jsonl.gz'],
  lightup: ['lightup-test.jsonl.gz'],
}
const STEPS = 16
/** Rollouts side by side. */
const SLOTS = 512
/** Processes of the kernel, each with a core. */
const MOST_KERNELS = 8

/** A puzzle as tokens, with its kind's verdict on an answer. */
export interface Question {
  readonly tokens: readonly number[]
  isSolved(answer: Uint8Array): boolean
}

/** What two sides said of the same puzzles. */
export interface Paired {
  readonly puzzles: number
  readonly solved: number
  readonly solvedByReference: number
  /** Solved by this side and not by the reference, and the other way round. */
  readonly solvedAlone: number
  readonly lost: number
  /** Answers that are not the reference's in every cell. */
  readonly differ: number
}

/** `found` and `wanted`: answers [puzzles, cells], one after the other. */
export function paired(questions: readonly Question[], found: Uint8Array, wanted: Uint8Array): Paired {
  const cells = wanted.length / questions.length
  if (found.length !== wanted.length)
    throw new RangeError(`found ${found.length} cells, the reference has ${wanted.length}`)
  const count = { solved: 0, solvedByReference: 0, solvedAlone: 0, lost: 0, differ: 0 }
  for (const [i, question] of questions.entries()) {
    const [mine, theirs] = [found, wanted].map((all) => all.subarray(i * cells, (i + 1) * cells)) as [
      Uint8Array,
      Uint8Array,
    ]
    const [solved, reference] = [question.isSolved(mine), question.isSolved(theirs)]
    count.solved += Number(solved)
    count.solvedByReference += Number(reference)
    count.solvedAlone += Number(solved && !reference)
    count.lost += Number(reference && !solved)
    count.differ += Number(mine.some((token, cell) => token !== theirs[cell]))
  }
  return { puzzles: questions.length, ...count }
}

interface Questions {
  readonly kind: string
  readonly rows: number
  readonly columns: number
  readonly questions: readonly Question[]
}

function questionsOf(kindName: string, count: number): Questions {
  const kind = kindNamed(kindName)
  const puzzles = testPuzzles(kindName, count, SETS[kindName])
  const { rows, columns } = kind.encode(puzzles[0])
  const questions = puzzles.map((puzzle): Question => {
    const isSolved = (answer: Uint8Array) => kind.isSolved(puzzle, kind.decode(puzzle, answer))
    return { tokens: [...kind.encode(puzzle).tokens], isSolved }
  })
  return { kind: kindName, rows, columns, questions }
}

/** One way of computing, in processes that share the puzzles. */
interface Precise {
  readonly name: string
  readonly processes: readonly Contenders[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Answers of all puzzles, one after the other. Rejects with `ContenderError`. */
async function answersOf(
  { name, processes, options }: Precise,
  asked: Questions,
  deadline: number,
): Promise<Uint8Array> {
  const { kind, rows, columns, questions } = asked
  const left = () => deadline - performance.now()
  const key = `${kind} ${name}`
  const model = fileURLToPath(bundledModel(kind)!.weights)
  const share = Math.ceil(questions.length / processes.length)
  const parts = processes.map(async (process, i) => {
    const boards = questions.slice(i * share, (i + 1) * share).map(({ tokens }) => tokens)
    if (boards.length === 0) return Buffer.alloc(0)
    const open = { op: 'open', name: key, model, rows, columns, boards } as const
    await process.ask<'open'>({ ...open, options: { ...options, slots: SLOTS } }, left())
    const said = await process.ask<'answers'>({ op: 'answers', name: key, steps: STEPS, sigma: 0 }, left())
    await process.ask<'close'>({ op: 'close', name: key }, left())
    return Buffer.from(said.tokens, 'base64')
  })
  return Buffer.concat(await Promise.all(parts))
}

interface Row extends Paired {
  readonly kind: string
  readonly name: string
}

type Failed = { readonly kind: string; readonly name: string; readonly why: string }

/** Each precision of the engine against the kernel, on all kinds. */
async function shares(provider: Provider, seconds: number, count: number) {
  const deadline = performance.now() + 1000 * seconds
  const engine = (name: string, tf32: boolean) =>
    new Contenders(name, engineCommand(`onnx-${provider}`, tf32))
  const exact = [engine('f32', false)]
  const kernels = Array.from(
    { length: Math.min(MOST_KERNELS, Math.ceil(availableParallelism() / 2)) },
    () => new Contenders('wasm', engineCommand('wasm', false)),
  )
  const reference: Precise = { name: 'wasm', processes: kernels, options: {} }
  const others: Precise[] = [
    { name: 'f32', processes: exact, options: {} },
    { name: 'fp16', processes: exact, options: { fp16: true } },
    { name: 'TF32', processes: [engine('TF32', true)], options: { tf32: true } },
  ]
  const [rows, failed]: [Row[], Failed[]] = [[], []]
  try {
    for (const kind of Object.keys(SETS)) {
      const asked = questionsOf(kind, count)
      const ask = (one: Precise) => answersOf(one, asked, deadline)
      const fail = (name: string) => (error: unknown) => {
        if (!(error instanceof ContenderError)) throw error
        failed.push({ kind, name, why: error.message })
        return undefined
      }
      // The kernel on the CPU beside the first of the others.
      const wanted = ask(reference).catch(fail(reference.name))
      for (const one of others) {
        const found = await ask(one).catch(fail(one.name))
        const answers = await wanted
        if (found && answers) rows.push({ kind, name: one.name, ...paired(asked.questions, found, answers) })
      }
    }
  } finally {
    for (const { processes } of [reference, ...others]) for (const one of processes) one.close()
  }
  return { provider, steps: STEPS, rows, failed }
}

function tableOf(rows: readonly Row[]): string {
  const head = [
    'kind',
    'precision',
    'puzzles',
    'solved',
    'by the kernel',
    'alone',
    'lost',
    'answers that differ',
  ]
  const lines = rows.map(({ kind, name, ...of }) =>
    [of.puzzles, of.solved, of.solvedByReference, of.solvedAlone, of.lost, of.differ]
      .map(String)
      .toSpliced(0, 0, kind, name),
  )
  return alignColumns([head, ...lines])
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      provider: { type: 'string', default: 'cuda' },
      seconds: { type: 'string', default: '60' },
      count: { type: 'string', default: '500' },
      json: { type: 'string' },
    },
  })
  const { json } = values
  const provider = readProvider(values.provider)
  const seconds = readPositive('seconds', values.seconds)
  const count = Number(values.count)
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--count: found ${values.count}, wanted a positive integer`)
  const record = await shares(provider, seconds, count)
  if (json) writeFileSync(json, JSON.stringify(record, null, 1))
  console.log(tableOf(record.rows))
  for (const { kind, name, why } of record.failed) console.log(`left out: ${kind}, ${name}: ${why}`)
  if (record.failed.length > 0) process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    process.exitCode = tellEnd(error, USAGE) ? 2 : 1
  })
}
