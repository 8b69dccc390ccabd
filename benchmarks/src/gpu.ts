/**
 * `npm run bench:gpu`: rollout-steps a second of ptrm's onnx engine and of PyTorch on the same GPU and weights, in turn, with
 * noise and all copies; the share of what the card could do at most, and what a puzzle costs. It keeps a time limit, and its
 * record is written after every cell, so that what was found is there however it ends. `--provider cpu` rehearses it.
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type GpuModel, type GpuModelName, makeModels } from './gpu-models.ts'
import { type Provider, readPositive, readProvider, tellEnd } from './gpu-options.ts'
import { type Contender, planOf, type Side, type Stage } from './gpu-plan.ts'
import { type FoundProfile, findProfiles, profilesText } from './gpu-profiles.ts'
import { type Answers, Contenders, engineCommand } from './gpu-protocol.ts'
import { lineOf, recordOf, reportOf } from './gpu-report.ts'
import { type Found, runStages } from './gpu-run.ts'
import { type Machine, thisMachine } from './machine.ts'

/** Comes before the plan's stages, and takes so much of the time at most. */
const PROFILE = 'profile'
const PROFILE_SHARE = 0.25

function stageNames(provider: Provider): string[] {
  return [PROFILE, ...planOf(provider).map(({ name }) => name)]
}

const USAGE = `Usage: npm run bench:gpu -- [--provider cuda|cpu] [--seconds N] [--price DOLLARS] [--json FILE]
       [--stages NAMES] [--python PATH]
  --provider  cuda, or cpu to rehearse: few slots, PyTorch on the CPU; default cuda
  --seconds   time limit; what is not reached is told; default 300
  --price     dollars an hour of the card; default 2.5
  --json      where the record goes, anew after every cell
  --stages    of these alone, with commas: ${stageNames('cuda').join(', ')}
  --python    a Python with PyTorch; default python3; 'none' for ptrm alone`

/** Of a pass; on a CPU a step of the official size takes a second. */
const STEPS: Readonly<Record<Provider, Readonly<Record<GpuModelName, number>>>> = {
  cuda: { tapa: 16, sudoku: 16, official: 8 },
  cpu: { tapa: 4, sudoku: 4, official: 1 },
}
const ROUNDS = 3
const ROUND_SECONDS: Readonly<Record<Provider, number>> = { cuda: 0.25, cpu: 0.1 }
/** Milliseconds that a process has to start. */
const HELLO_MS = 60_000
/** Milliseconds that are kept for the end. */
const RESERVE_MS = 500

interface Options {
  readonly provider: Provider
  readonly seconds: number
  readonly price: number
  readonly json: string | undefined
  readonly python: string
  readonly stages: readonly string[]
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      provider: { type: 'string', default: 'cuda' },
      seconds: { type: 'string', default: '300' },
      price: { type: 'string', default: '2.5' },
      json: { type: 'string' },
      stages: { type: 'string' },
      python: { type: 'string', default: 'python3' },
    },
  })
  const { json, python } = values
  const provider = readProvider(values.provider)
  const positive = (name: 'seconds' | 'price') => readPositive(name, values[name])
  const names = stageNames(provider)
  const stages = values.stages?.split(',') ?? names
  const unknown = stages.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new RangeError(`--stages: found ${unknown}, there are ${names.join(', ')}`)
  return {
    ...{ provider, python, stages, seconds: positive('seconds'), price: positive('price') },
    // npm runs this in a folder of its own.
    json: json && resolve(process.env['INIT_CWD'] ?? '', json),
  }
}

/** The processes of both sides; none runs yet. */
function processesOf({ provider, python }: Options): Map<Side, Contenders> {
  const training = fileURLToPath(new URL('../../training/src', import.meta.url))
  return new Map([
    ['ptrm', new Contenders('ptrm', engineCommand(`onnx-${provider}`, false))],
    ['ptrm-tf32', new Contenders('ptrm with TF32', engineCommand(`onnx-${provider}`, true))],
    ['solver', new Contenders('ptrm solver', engineCommand(`onnx-${provider}`, false, 'solver'))],
    [
      'pytorch',
      new Contenders('PyTorch', {
        command: python,
        args: ['-m', 'ptrm_training.gpu_bench'],
        env: {
          PYTHONPATH: training,
          NVIDIA_TF32_OVERRIDE: undefined,
          ...(provider === 'cpu' && { CUDA_VISIBLE_DEVICES: '' }),
        },
      }),
    ],
  ])
}

async function bench(options: Options): Promise<void> {
  const processes = processesOf(options)
  const { models, close } = makeModels(STEPS[options.provider])
  try {
    await measureAll(options, processes, models)
  } finally {
    for (const one of processes.values()) one.close()
    close()
  }
}

async function measureAll(
  options: Options,
  processes: ReadonlyMap<Side, Contenders>,
  models: ReadonlyMap<GpuModelName, GpuModel>,
): Promise<void> {
  const { provider, seconds, json, python, stages } = options
  // By the clock that began with this process.
  const deadline = 1000 * seconds - RESERVE_MS
  const left = () => deadline - performance.now()
  const hello = (side: Side) =>
    processes
      .get(side)!
      .ask<'hello'>({ op: 'hello' }, Math.min(HELLO_MS, left() / 2))
      .catch(failure)
  const about: About = { ...options, ...thisTime(), hellos: [await hello('ptrm')], profiles: [] }
  const card = cardOf(about.hellos)
  console.log(`${about.date}, ${about.machine.cpu}, ${about.machine.cores} cores, card: ${card}`)
  let shown = 0
  const tell = (found: Found) => {
    for (const measure of found.measures.slice(shown)) console.log(lineOf(measure))
    shown = found.measures.length
    if (json) writeFileSync(json, JSON.stringify(recordOf(about, found, models, card), null, 1))
  }
  if (stages.includes(PROFILE)) {
    about.profiles.push(...(await findProfiles(provider, models, performance.now() + PROFILE_SHARE * left())))
    console.log(profilesText(about.profiles))
  }
  // Not beside the profiles: a process that opens the GPU makes the waiting for kernels ten times as long.
  if (python !== 'none') about.hellos.push(await hello('pytorch'))
  for (const said of about.hellos) console.log('error' in said ? said.error : said.version)
  const found = await runStages(planFor(options), {
    ...{ models, processes, deadline, onCell: tell },
    ...{ rounds: ROUNDS, roundSeconds: ROUND_SECONDS[provider], wholeRuns: provider === 'cuda' },
  })
  tell(found)
  console.log(reportOf(recordOf(about, found, models, card)))
}

/** What the record says besides figures; grows as processes and profiles are there. */
interface About extends Options {
  readonly date: string
  readonly machine: Machine
  readonly hellos: Hello[]
  readonly profiles: FoundProfile[]
}

type Hello = Answers['hello'] | { readonly error: string }

function thisTime(): Pick<About, 'date' | 'machine'> {
  return { date: new Date().toISOString().slice(0, 10), machine: thisMachine() }
}

/** The stages that are asked for, without PyTorch where there is none. */
function planFor({ provider, stages, python }: Options): Stage[] {
  const isHere = ({ side }: Contender) => side !== 'pytorch' || python !== 'none'
  return planOf(provider)
    .filter(({ name }) => stages.includes(name))
    .map(({ name, cells }) => ({
      name,
      cells: cells.map((cell) => ({ ...cell, contenders: cell.contenders.filter(isHere) })),
    }))
}

const failure = (error: Error): Hello => ({ error: error.message })

/** As the driver names it. */
function cardOf(hellos: readonly Hello[]): string {
  const named = hellos.flatMap((hello) => ('device' in hello ? [hello.device] : []))
  return named.find((name) => name !== 'cpu') ?? 'cpu'
}

try {
  await bench(readOptions())
} catch (error) {
  process.exitCode = tellEnd(error, USAGE) ? 2 : 1
}
