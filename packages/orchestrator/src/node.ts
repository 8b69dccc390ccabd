/** Node's way in: models by name or file, workers as threads, engines by the registry. */
import { availableParallelism } from 'node:os'
import { type Model, stepCost } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { type AutoChoice, chooseBackend } from './engines/auto.ts'
import {
  absenceOf,
  type Backend,
  backendsOf,
  type EngineOptions,
  inOrder,
  engines as registered,
} from './engines/registry.ts'
import type { EngineSpec } from './engines/spec.ts'
import { BackendUnavailableError, PlanError } from './errors.ts'
import type { KindOfModel } from './kind-types.ts'
import { type ModelOutline, type OpenedModel, openTrimmed } from './model.ts'
import { loadModelBytes, namingModel } from './node-model.ts'
import { checkOptions, checkSharing, EXPECTED_RULES, NODE_RULES } from './options.ts'
import { hereAdapter } from './pool/here.ts'
import { nodeAdapter } from './pool/node.ts'
import { makerOf } from './pool/worker-engine.ts'
import { makePlan } from './rollouts/plan.ts'
import { createSolverOf, type Solver, type SolverOptions } from './solver.ts'
import { createPoolFrom, type SolverPool, type SolverPoolOptions } from './solver-pool.ts'

export { loadModel, loadModelBytes } from './node-model.ts'

/** Besides these, options of an engine family under its name: `onnx: { slots: 8 }`. */
export interface CreateSolverOptions
  extends Partial<Omit<SolverOptions, 'modelBytes' | 'backend'>>,
    EngineOptions {
  /** A bundled model's name, a kind's name, the path of a safetensors file, or its bytes. Default: `kind`, else `sudoku`. */
  readonly model?: string | Uint8Array | undefined
  /** Default `auto`: what engines/auto.ts chooses by `expected`. A family's name is the first of it that loads. */
  readonly backend?: Backend | (string & {}) | undefined
  /** What will be asked of the solver, for `auto`. */
  readonly expected?: ExpectedWork | undefined
  /**
   * Default false: every worker is a thread. True: the first one lives in this thread, which saves the start of a thread, on
   * the kernel and for models whose steps are short. For programs that have nothing else to do while a puzzle is solved.
   */
  readonly firstHere?: boolean | undefined
  /** Default: those of this package. Engines of the caller's own go beside them. */
  readonly engines?: readonly EngineSpec[] | undefined
  /** Workers that other solvers share, of `createPool`, in place of its own; then no option may say what workers are. */
  readonly pool?: SolverPool | undefined
}

/** What says in Node alone what a solver's workers are. */
const OF_POOLS = ['backend', 'expected', 'firstHere', 'engines', ...registered.map(({ family }) => family)]

/** Besides these, options of an engine family under its name: `onnx: { slots: 1024 }`. */
export interface CreatePoolOptions extends Partial<Omit<SolverPoolOptions, 'backend'>>, EngineOptions {
  /** Default `auto`, as `createSolver` chooses for `model` and `expected`. A family's name is the first of it that loads. */
  readonly backend?: Backend | (string & {}) | undefined
  /** A model as those that will run, by a bundled name, a kind or a path. Default: `sudoku`. */
  readonly model?: string | undefined
  /** What will be asked of all solvers together. Default: so much that a GPU is worth its start. */
  readonly expected?: ExpectedWork | undefined
  /** Default: those of this package. Engines of the caller's own go beside them. */
  readonly engines?: readonly EngineSpec[] | undefined
}

/** What `auto` weighs: the job that the solver is made for. */
export interface ExpectedWork {
  /** Default 1. */
  readonly puzzles?: number | undefined
  /** K; default as the model recommends. */
  readonly rollouts?: number | undefined
  /** D; default as the model recommends. */
  readonly steps?: number | undefined
  /** Whether every rollout runs (`stop: 'all'`) or a right answer ends a puzzle; default false. */
  readonly all?: boolean | undefined
}

/** A service's: more than any start costs. */
const MUCH: ExpectedWork = { puzzles: 1e6, all: true }

/** Operations of a step that a thread can do without for what else it does: 30 ms on the kernel. */
const SHORT_STEP = 1e9

/** Rollouts that a puzzle takes where a right answer ends it; most of the README's take two. */
const TYPICAL_ROLLOUTS = 4

/**
 * A solver on this machine's cores or GPU. A bundled model's name tells the compiler the kind of its puzzles; for other
 * models name it, as the type argument (which nothing checks) or by `kind` (which is held against the model). Rejects
 * with `PlanError` for an option out of range, `BackendUnavailableError`, `ModelUnavailableError`, `ModelFormatError`,
 * `ModelKindError`, or `KernelUnavailableError`. The caller closes it.
 */
export function createSolver<Name extends string = 'sudoku', K extends string = KindOfModel<Name>>(
  options?: CreateSolverOptions & {
    readonly model?: Name | undefined
    readonly kind?: K | undefined
  },
): Promise<Solver<K>>
/** For models whose name does not tell their kind. */
export function createSolver<K extends string = string>(
  options?: CreateSolverOptions & { readonly kind?: K | undefined },
): Promise<Solver<K>>
export async function createSolver(options: CreateSolverOptions = {}): Promise<Solver> {
  const { kind, model = kind ?? DEFAULT_KIND, backend = 'auto', expected, pool } = options
  const engines = checkedEngines(options)
  if (pool) checkSharing(options, OF_POOLS)
  if (typeof model === 'string') {
    const bytes = await loadModelBytes(model)
    return namingModel(model, () =>
      createSolver({ modelName: bundledModel(model)?.name ?? model, ...options, model: bytes }),
    )
  }
  const opened = openTrimmed(model)
  if (pool) return createSolverOf(opened, { kind, modelName: options.modelName, pool })
  const tries = triesOf(options, () => autoBackend(opened.outline, expected, engines), engines)
  return firstThatLoads(tries, backend, (engine) => openSolver(engine, opened, options))
}

/**
 * Workers on this machine's cores or GPU for solvers to share: `createSolver({ model, pool })`. They are started as there is
 * work. Rejects with `PlanError`, `BackendUnavailableError` or `KernelUnavailableError`. The caller closes it.
 */
export async function createPool(options: CreatePoolOptions = {}): Promise<SolverPool> {
  const { backend = 'auto', adapter, workers, slots, kernelVariant, kernel, wasmUrl } = options
  const { model = DEFAULT_KIND, expected = MUCH } = options
  const engines = checkedEngines(options)
  if (adapter) return createPoolFrom({ adapter, workers, slots, kernelVariant, kernel, wasmUrl })
  const opened = openTrimmed(await loadModelBytes(model))
  const tries = triesOf(options, () => autoBackend(opened.outline, expected, engines), engines)
  return firstThatLoads(tries, backend, async (engine) => {
    const pool = await createPoolFrom(workersOf(present(engine), options))
    if (engine.everywhere) return pool
    // A model, whichever, shows whether the engine runs here.
    const probe = pool.pool.open(opened.bytes)
    await probe.load().catch(async (error: unknown) => {
      await pool.close()
      throw unavailable(engine, error)
    })
    probe.close()
    return pool
  })
}

/** Tries engines in order, past those that are not available. */
async function firstThatLoads<Made>(
  tries: readonly EngineSpec[],
  backend: string,
  open: (engine: EngineSpec) => Promise<Made>,
): Promise<Made> {
  for (const [i, engine] of tries.entries()) {
    try {
      return await open(engine)
    } catch (error) {
      if (!(error instanceof BackendUnavailableError) || i + 1 === tries.length) throw error
    }
  }
  throw new BackendUnavailableError(backend, 'no engine loads')
}

/** The engines that options choose among, from the slowest. Throws for what is out of range. */
function checkedEngines(
  options: Pick<CreatePoolOptions, 'engines' | 'backend' | 'expected' | 'workers'>,
): EngineSpec[] {
  const { backend = 'auto', expected, workers } = options
  const engines = inOrder(options.engines ?? registered)
  checkOptions(options, NODE_RULES)
  if (expected !== undefined) checkOptions(expected, EXPECTED_RULES, 'options.expected')
  for (const { family, rules } of engines) {
    const own: unknown = Reflect.get(options, family)
    if (rules && own !== undefined) checkOptions(own as object, rules, `options.${family}`)
  }
  const names = backendsOf(engines)
  if (!names.includes(backend)) throw new BackendUnavailableError(backend, `there are ${names.join(', ')}`)
  const kernel = engines.filter(({ everywhere }) => everywhere)
  if (workers === 0 && backend !== 'auto' && !backendsOf(kernel).includes(backend))
    throw new PlanError('backend', backend, "'wasm' or 'auto' beside workers: 0", 'options')
  return engines
}

/** The engine, if all that it needs is there. */
function present(engine: EngineSpec): EngineSpec {
  const absence = absenceOf(engine)
  if (absence) throw absence
  return engine
}

/** What is said of workers that open an engine. */
function workersOf(
  engine: EngineSpec,
  options: Omit<CreatePoolOptions, 'model'>,
  firstHere?: true,
): SolverPoolOptions {
  const own: object = Reflect.get(options, engine.family) ?? {}
  const { options: inner, each, workers = each?.length, slots } = engine.setup(own)
  const { name, module, asksToLeave } = engine
  const opens = { name, module, options: inner }
  const ownAdapter = () =>
    options.workers === 0
      ? hereAdapter(makerOf(opens))
      : nodeAdapter({ engine: opens, each, asksToLeave, firstHere })
  return {
    kernelVariant: options.kernelVariant,
    kernel: options.kernel,
    wasmUrl: options.wasmUrl,
    adapter: options.adapter ?? ownAdapter(),
    workers: workers ?? options.workers,
    slots: slots ?? options.slots,
    backend: name,
  }
}

function unavailable({ name }: EngineSpec, error: unknown): unknown {
  return error instanceof BackendUnavailableError
    ? new BackendUnavailableError(name, error.reason, error)
    : error
}

/**
 * What is tried, in order: `auto` goes from its choice to slower engines, a family through its own, from the fastest. The
 * calling thread and a caller's own workers have the kernel.
 */
function triesOf(
  { backend = 'auto', adapter, workers }: Pick<CreateSolverOptions, 'backend' | 'adapter' | 'workers'>,
  choose: () => AutoChoice,
  engines: readonly EngineSpec[],
): EngineSpec[] {
  if (adapter || workers === 0) return engines.filter((engine) => engine.everywhere)
  const chosen = backend === 'auto' ? choose().backend : backend
  const fastestFirst = engines.toReversed()
  if (backend === 'auto') return fastestFirst.slice(fastestFirst.findIndex(({ name }) => name === chosen))
  const named = engines.filter(({ name }) => name === chosen)
  return named.length > 0 ? named : fastestFirst.filter(({ family }) => family === chosen)
}

/** What `auto` takes on this machine for a model and the work expected of it. Loads nothing, and looks at no weight. */
export function autoBackend(
  model: Model | ModelOutline,
  expected: ExpectedWork = {},
  engines: readonly EngineSpec[] = registered,
): AutoChoice {
  const plan = makePlan({ rollouts: expected.rollouts, steps: expected.steps }, model.recommended)
  const each = expected.all ? plan.rollouts : Math.min(plan.rollouts, TYPICAL_ROLLOUTS)
  const work = {
    flopsPerStep: stepCost(model).flops,
    isTied: model.config.tie !== undefined,
    rollouts: plan.rollouts,
    rolloutSteps: (expected.puzzles ?? 1) * each * plan.steps,
    cores: availableParallelism(),
  }
  return chooseBackend(work, inOrder(engines))
}

async function openSolver(
  engine: EngineSpec,
  model: OpenedModel,
  options: CreateSolverOptions,
): Promise<Solver> {
  const firstHere =
    options.firstHere && engine.everywhere && stepCost(model.outline).flops <= SHORT_STEP ? true : undefined
  const { kind, modelName } = options
  const solver = await createSolverOf(model, {
    kind,
    modelName,
    ...workersOf(present(engine), options, firstHere),
  })
  if (engine.everywhere) return solver
  try {
    await solver.load()
    return solver
  } catch (error) {
    await solver.close()
    throw unavailable(engine, error)
  }
}
