/**
 * `scripts/gpu-check.sh`: everything that is to be known of a GPU, in one command and a given time. Runs the steps of
 * steps.ts one after the other, whatever became of those before, and writes the record anew after each.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { listGpus } from '@ptrm/orchestrator/engines'
import { type Provider, readPositive, readProvider, tellEnd } from '../gpu-options.ts'
import { thisMachine } from '../machine.ts'
import { type ChildEnd, runChild } from './child.ts'
import { absence, type CheckStep, makeStep, ROOT, STEP_NAMES } from './steps.ts'

const USAGE = `Usage: scripts/gpu-check.sh [--provider cuda|cpu] [--seconds N] [--out FOLDER] [--python PATH] [--price DOLLARS] [--only STEPS]
  --provider  cuda, or cpu to rehearse everything without a GPU; default cuda
  --seconds   time limit of the whole; default 240
  --out       where gpu-check.json and gpu-check.log go; default gpu-check
  --python    a Python with PyTorch to compare with; default python3; 'none' for no comparison
  --price     dollars an hour of the card; default 2.5
  --libraries a folder with the CUDA provider, to be installed first; --unpack gives it
  --only      steps to run, of ${STEP_NAMES.join(', ')}; separated by commas`

/** Of what a failed step printed, as much as the record keeps; the log has all. */
const ERROR_CHARACTERS = 4_000
/** Seconds that a step needs to be worth its start. */
const LEAST_SECONDS = 3

interface Options {
  readonly provider: Provider
  readonly seconds: number
  readonly out: string
  readonly python: string
  readonly price: string
  readonly libraries: string | undefined
  readonly only: readonly string[]
}

/** What became of a step. */
interface StepRecord {
  readonly name: string
  readonly shows: string
  readonly passed: boolean
  readonly seconds: number
  /** Why it did not pass, with the end of what it printed. */
  readonly error: string | undefined
  readonly figures: unknown
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      provider: { type: 'string', default: 'cuda' },
      seconds: { type: 'string', default: '240' },
      out: { type: 'string', default: 'gpu-check' },
      python: { type: 'string', default: 'python3' },
      price: { type: 'string', default: '2.5' },
      libraries: { type: 'string' },
      only: { type: 'string', default: STEP_NAMES.join(',') },
    },
  })
  const { out, python, price, libraries } = values
  const provider = readProvider(values.provider)
  const seconds = readPositive('seconds', values.seconds)
  const only = values.only.split(',')
  for (const name of only)
    if (!STEP_NAMES.includes(name))
      throw new RangeError(`--only: there is no step ${name}, but ${STEP_NAMES.join(', ')}`)
  return { provider, seconds, out, python, price, libraries, only }
}

/** Runs a step within what is left, and judges it. */
async function runStep(
  step: CheckStep,
  file: string,
  left: number,
  log: (text: string) => void,
): Promise<StepRecord> {
  const { name, shows } = step
  const missing = absence(step)
  if (missing !== undefined || left < LEAST_SECONDS) {
    const error = missing ?? 'no time was left for it'
    log(`not run: ${error}\n`)
    return { name, shows, passed: false, seconds: 0, error, figures: undefined }
  }
  const end = await runChild(step.command, step.args, Math.min(step.limit, left))
  log(end.output)
  const [figures, unread] = figuresOf(step, file, end)
  const error = end.reason ?? unread ?? step.wrong?.(figures)
  const tail =
    error === undefined ? undefined : `${error}\n${end.output.slice(-ERROR_CHARACTERS)}`.replaceAll(ROOT, '')
  return { name, shows, passed: error === undefined, seconds: end.seconds, error: tail, figures }
}

/** What a step wrote as JSON, even if it failed; or what is wrong with that. */
function figuresOf(step: CheckStep, file: string, end: ChildEnd): [figures: unknown, wrong?: string] {
  if (step.figures === undefined) return [undefined]
  if (step.figures === 'file' && !existsSync(file)) return [undefined, 'it wrote no figures']
  try {
    return [JSON.parse(step.figures === 'file' ? readFileSync(file, 'utf8') : end.stdout)]
  } catch (error) {
    return [undefined, `its figures are no JSON: ${(error as Error).message}`]
  }
}

async function check(options: Options): Promise<boolean> {
  const { provider, seconds, out, libraries, only } = options
  mkdirSync(out, { recursive: true })
  const [record, log] = [join(out, 'gpu-check.json'), join(out, 'gpu-check.log')]
  writeFileSync(log, '')
  const say = (text: string) => {
    process.stdout.write(text)
    appendFileSync(log, text)
  }
  const about = {
    date: new Date().toISOString().slice(0, 10),
    provider,
    machine: thisMachine(),
    gpus: listGpus(),
    seconds,
  }
  say(`${JSON.stringify(about)}\n`)
  const started = performance.now()
  const steps: StepRecord[] = []
  // Read by CUDA's libraries when they load: products in full precision, as ptrm has them by default.
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'
  // What is brought along is installed whatever steps are wanted: all others stand on it.
  const rest = only.filter((name) => name !== 'install')
  for (const name of libraries === undefined ? rest : ['install', ...rest]) {
    const left = seconds - (performance.now() - started) / 1000
    const file = join(out, `${name}.json`)
    say(`\n== ${name}\n`)
    const step = makeStep(name, { ...options, file, left })
    const done = await runStep(step, file, left, say)
    rmSync(file, { force: true })
    say(`-- ${name}: ${done.passed ? 'passed' : 'failed'} in ${done.seconds.toFixed(1)} s\n`)
    steps.push(done)
    writeFileSync(record, `${JSON.stringify({ ...about, steps }, null, 2)}\n`)
  }
  const failed = steps.filter(({ passed }) => !passed)
  say(`\n${steps.length - failed.length} of ${steps.length} steps passed\n`)
  for (const { name, error } of failed) say(`  ${name}: ${error?.split('\n', 1)[0]}\n`)
  return failed.length === 0
}

try {
  process.exitCode = (await check(readOptions())) ? 0 : 1
} catch (error) {
  tellEnd(error, USAGE)
  process.exitCode = 2
}
