/**
 * What every option may be, in one place: library, command line, page and services are held to it before any work.
 * Loads no engine and no kernel.
 */
import { KERNEL_VARIANTS } from '@ptrm/core-wasm/config'
import { integerRule, PLAN_VALUES, type ValueRule, wordRule } from '@ptrm/core-wasm/plan-values'
import { PlanError } from './errors.ts'
import { SELECTIONS } from './rollouts/select.ts'

/** Rules by the name of the option. */
export type Rules<Field extends string = string> = Readonly<Record<Field, ValueRule>>

const flag: ValueRule = { wanted: 'true or false', allows: (value) => typeof value === 'boolean' }

const MOST_WORKERS = 1024
const MOST_SLOTS = 65_536
const MOST_GPUS = 256

const slots = integerRule(1, MOST_SLOTS)

/** A plan's, all but its stop rule, which `plan.ts` checks. */
export const PLAN_RULES: Rules<keyof typeof PLAN_VALUES | 'seed' | 'includeDeterministic' | 'exact'> = {
  ...PLAN_VALUES,
  seed: {
    wanted: 'an integer from 0 to 2^64 - 1; as a bigint, where it is above 2^53 - 1',
    allows: (value) =>
      (typeof value === 'bigint' && value >= 0n && value < 1n << 64n) ||
      (Number.isSafeInteger(value) && (value as number) >= 0),
  },
  includeDeterministic: flag,
  exact: flag,
}

/** What `solve` takes besides a plan. */
export const SOLVE_RULES: Rules<'select' | 'deadline' | 'client' | 'sketch' | 'signal' | 'onEvent'> = {
  select: wordRule(SELECTIONS),
  deadline: {
    wanted: 'milliseconds above 0 and at most 2^53 - 1; leave it out for none',
    allows: (value) => typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER,
  },
  client: { wanted: 'a name', allows: (value) => typeof value === 'string' },
  sketch: integerRule(1, 4096),
  signal: {
    wanted: 'an AbortSignal',
    allows: (value) => typeof (value as AbortSignal | null)?.addEventListener === 'function',
  },
  onEvent: { wanted: 'a function', allows: (value) => typeof value === 'function' },
}

/** Which of a plan's rollouts are to run. Throws `PlanError`. */
export function checkRange(range: unknown, rollouts: number): void {
  const [from, to] = Array.isArray(range) && range.length === 2 ? (range as unknown[]) : []
  const isInside = integerRule(0, rollouts - 1).allows(from) && integerRule(1, rollouts).allows(to)
  if (!isInside || (from as number) >= (to as number))
    throw new PlanError(
      'range',
      range,
      `[from, to] with 0 <= from < to <= ${rollouts}, the plan's rollouts`,
      'options',
    )
}

/** What `createSolver` takes on every platform. */
export const SOLVER_RULES: Rules<'workers' | 'slots' | 'kernelVariant'> = {
  workers: {
    wanted: `an integer from 1 to ${MOST_WORKERS}, or 0 for the calling thread; leave it out for one a core`,
    allows: integerRule(0, MOST_WORKERS).allows,
  },
  slots,
  kernelVariant: wordRule(KERNEL_VARIANTS),
}

/** What a `Pool` takes: its workers, be they in the calling thread, are counted. */
export const POOL_RULES: Rules<'workers' | 'slots'> = { workers: integerRule(1, MOST_WORKERS), slots }

/** What `createSolver` takes where there are no workers. */
export const EDGE_RULES: Rules<keyof typeof SOLVER_RULES> = {
  ...SOLVER_RULES,
  workers: { wanted: '0: this entry has no workers; leave it out', allows: (value) => value === 0 },
}

/** What `createSolver` takes in Node. */
export const NODE_RULES: Rules<keyof typeof SOLVER_RULES | 'firstHere'> = { ...SOLVER_RULES, firstHere: flag }

/** What `auto` weighs. */
export const EXPECTED_RULES: Rules<'puzzles' | 'rollouts' | 'steps' | 'all'> = {
  puzzles: integerRule(0, Number.MAX_SAFE_INTEGER),
  rollouts: PLAN_RULES.rollouts,
  steps: PLAN_RULES.steps,
  all: flag,
}

/** What the onnx engines take. */
export const ONNX_RULES: Rules<
  'slots' | 'devices' | 'threads' | 'stepsPerRun' | 'fp16' | 'tf32' | 'noise' | 'form' | 'fixedBatch'
> = {
  slots: integerRule(1, MOST_SLOTS),
  devices: {
    wanted: `different integers from 0 to ${MOST_GPUS - 1}, one at least`,
    allows: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every(integerRule(0, MOST_GPUS - 1).allows),
  },
  threads: integerRule(1, MOST_WORKERS),
  stepsPerRun: integerRule(1, 1024),
  fp16: flag,
  tf32: flag,
  noise: wordRule(['graph', 'host']),
  form: wordRule(['loop', 'unrolled']),
  fixedBatch: flag,
}

/**
 * Holds options to their rules; those left out or undefined pass, and so do options without a rule. Throws `PlanError`
 * with the field after `of`: `options.workers`.
 */
export function checkOptions(options: object, rules: Rules, of = 'options'): void {
  if (typeof options !== 'object' || options === null) throw new PlanError('', options, 'an object', of)
  for (const [field, { wanted, allows }] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, field)
    if (value !== undefined && !allows(value)) throw new PlanError(field, value, wanted, of)
  }
}

/** What says of a solver on every platform what its workers are. */
const OF_POOLS = ['adapter', 'workers', 'slots', 'kernelVariant', 'kernel', 'wasmUrl']

/**
 * What a pool has decided already can't be said of a solver on it; `others`: what does so on this platform alone. Throws
 * `PlanError`.
 */
export function checkSharing(options: object, others: readonly string[] = []): void {
  for (const field of [...OF_POOLS, ...others]) {
    const value: unknown = Reflect.get(options, field)
    if (value !== undefined)
      throw new PlanError(field, value, 'nothing beside pool: it is the pool that has workers', 'options')
  }
}
