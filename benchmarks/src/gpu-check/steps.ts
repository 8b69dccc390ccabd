/** The steps of the check, in their order: what each runs, how long it may take, and what it must come to. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Provider } from '../gpu-options.ts'

export interface CheckStep {
  readonly name: string
  /** What its passing shows. */
  readonly shows: string
  readonly command: string
  readonly args: readonly string[]
  /** Seconds; never more than what is left of the whole. */
  readonly limit: number
  /** Where it writes its figures as JSON, if it does: the file that it is given, or its standard output. */
  readonly figures?: 'file' | 'stdout' | undefined
  /** Of its figures, where the exit status does not tell all: what is wrong, or undefined. */
  readonly wrong?: ((figures: unknown) => string | undefined) | undefined
}

/** What is known when a step's turn comes. */
export interface StepContext {
  readonly provider: Provider
  /** A Python with PyTorch; `none` for a check without it. */
  readonly python: string
  /** Dollars an hour of the card. */
  readonly price: string
  /** Folder with the CUDA provider, to be installed first; undefined where it is. */
  readonly libraries: string | undefined
  /** For its figures. */
  readonly file: string
  /** Seconds left of the whole check. */
  readonly left: number
}

/** The repository. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url))
/** Seconds that the last step leaves for writing down. */
const RESERVE = 5

type StepMaker = (context: StepContext) => CheckStep

/** A program of this repository, in TypeScript or JavaScript. */
function ours(file: string, ...args: readonly string[]): Pick<CheckStep, 'command' | 'args'> {
  return {
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', `${ROOT}${file}`, ...args],
  }
}

const install: StepMaker = ({ libraries = '' }) => ({
  name: 'install',
  shows: 'ptrm doctor --install-cuda finds its libraries, and CUDA works',
  ...ours('packages/cli/bin/ptrm.js', 'doctor', '--install-cuda', '--from', libraries, '--json'),
  limit: 60,
  figures: 'stdout',
})

const provider: StepMaker = ({ provider }) => ({
  name: 'provider',
  shows: 'the provider loads and steps a bundled model',
  ...ours('packages/cli/bin/ptrm.js', 'doctor', '--json'),
  limit: 60,
  figures: 'stdout',
  wrong: (figures) => notLoading(figures, `onnx-${provider}`),
})

const contract: StepMaker = ({ provider }) => ({
  name: 'contract',
  shows: 'it does what every engine must',
  ...ours('packages/orchestrator/test/engine-contract.ts', `onnx-${provider}`),
  limit: 60,
})

const noise: StepMaker = ({ provider, file }) => ({
  name: 'noise',
  shows: 'the noise of the graph is the kernel’s',
  ...ours('benchmarks/src/gpu-check/noise.ts', '--provider', provider, '--json', file),
  limit: 30,
  figures: 'file',
})

const parity: StepMaker = ({ provider, file }) => ({
  name: 'parity',
  shows: 'it computes what the official PyTorch code did',
  ...ours('benchmarks/src/gpu-check/parity.ts', '--provider', provider, '--json', file),
  limit: 60,
  figures: 'file',
})

const agreement: StepMaker = ({ provider, file }) => ({
  name: 'agreement',
  shows: 'it answers 50 puzzles as wasm does',
  ...ours('benchmarks/src/gpu-check/agreement.ts', '--provider', provider, '--json', file),
  limit: 60,
  figures: 'file',
})

const shares: StepMaker = ({ provider, file, left }) => ({
  name: 'shares',
  shows: 'what TF32 and half precision do to the share that is solved',
  ...ours(
    'benchmarks/src/gpu-shares.ts',
    ...['--provider', provider, '--json', file, '--seconds', String(Math.floor(Math.min(40, left / 3)))],
  ),
  limit: 50,
  figures: 'file',
})

const bench: StepMaker = ({ provider, python, price, file, left }) => ({
  name: 'bench',
  shows: 'rollout-steps a second beside PyTorch',
  ...ours(
    'benchmarks/src/gpu.ts',
    ...['--provider', provider, '--json', file, '--python', python, '--price', price],
    ...['--seconds', String(Math.max(1, Math.floor(left - 2 * RESERVE)))],
  ),
  limit: left - RESERVE,
  figures: 'file',
})

const STEPS: Readonly<Record<string, StepMaker>> = {
  install,
  provider,
  contract,
  noise,
  parity,
  agreement,
  shares,
  bench,
}

/** In their order. */
export const STEP_NAMES: readonly string[] = Object.keys(STEPS)
/** Limits are a GPU's; a rehearsal on a few cores takes longer. */
const CPU_TIMES = 5

/** A step, when its turn comes. */
export function makeStep(name: string, context: StepContext): CheckStep {
  const step = STEPS[name]!(context)
  return context.provider === 'cpu' ? { ...step, limit: step.limit * CPU_TIMES } : step
}

/** Why a step can't run here; undefined where it can. */
export function absence({ args }: CheckStep): string | undefined {
  const program = args.find((arg) => arg.startsWith(ROOT))
  return program === undefined || existsSync(program) ? undefined : `${program} is not there`
}

/** From the doctor's JSON, why an engine does not load. */
function notLoading(figures: unknown, name: string): string | undefined {
  const { engines } = figures as { engines: { backend: string; loads: boolean; reason?: string }[] }
  const found = engines.find(({ backend }) => backend === name)
  if (!found) return `the doctor knows no ${name}`
  return found.loads ? undefined : (found.reason ?? 'it does not load, for no reason given')
}
