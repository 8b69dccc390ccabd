/**
 * The rule behind `auto`: which engine runs a job soonest, by measured constants and by whether the model's weights are
 * tied. docs/decisions/0008-auto.md says how the constants were taken, 0022-optional-onnxruntime.md why ties decide.
 */
import { engines as allEngines } from './registry.ts'
import type { EngineSpec } from './spec.ts'

/** What the rule looks at. */
export interface Workload {
  /** Floating point operations of one rollout-step. */
  readonly flopsPerStep: number
  /** Whether the model has free weights, which the kernel runs as such and others by dense products. */
  readonly isTied: boolean
  /** K, rollouts a puzzle. */
  readonly rollouts: number
  /** Rollout-steps in all that the caller expects. */
  readonly rolloutSteps: number
  /** Cores that engines may use. */
  readonly cores: number
}

/** What `auto` takes, and why. */
export interface AutoChoice {
  readonly backend: string
  /** In words, for people. */
  readonly why: string
}

/** What `auto` holds an engine to: its share of the rule, for lists. */
export interface AutoThreshold {
  readonly backend: string
  /** From so many on; undefined for the engine that is left when no other is taken. */
  readonly from?: { readonly count: number; readonly of: 'rollouts' | 'rollout-steps' } | undefined
  /** In words: what is counted and why. */
  readonly words: string
}

/** What `auto` looks at of a model and a machine, whatever the job. */
export type Ground = Pick<Workload, 'flopsPerStep' | 'isTied' | 'cores'>

/** Why no other engine on the cores is taken for tied weights. */
const TIED =
  'the weights are tied: the kernel runs them as they are, this one by dense products, many times the work'

/** The saving must be worth this many times the loading, as most jobs end before their last rollout. */
const MARGIN = 2

/**
 * From the fastest engine to the slowest: one on a device where it is installed and a puzzle has rollouts enough to fill
 * it; one on the cores where it is installed, the weights are not tied and it saves more than it takes to load; else the
 * one that is always there.
 */
export function chooseBackend(work: Workload, specs: readonly EngineSpec[] = allEngines): AutoChoice {
  const base = everywhere(specs)
  let why = 'no other engine is known'
  for (const spec of specs.toReversed()) {
    if (spec === base) break
    const verdict = judge(spec, base, work)
    if (verdict.takes) return { backend: spec.name, why: verdict.why }
    why = verdict.why
  }
  return { backend: base.name, why }
}

function judge(spec: EngineSpec, base: EngineSpec, work: Workload): { takes: boolean; why: string } {
  const missing = spec.missing()
  if (missing !== undefined) return { takes: false, why: missing }
  const { cost, title } = spec
  if (cost.on === 'device') {
    const takes = work.rollouts >= cost.fromRollouts
    return { takes, why: `${title} is installed and a puzzle has ${work.rollouts} rollouts` }
  }
  if (work.isTied) return { takes: false, why: TIED }
  const saved = savedMs(spec, base, work)
  const why = `${title} saves about ${formatMs(saved)} of this job and takes ${formatMs(cost.loadMs)} to load`
  return { takes: saved >= MARGIN * cost.loadMs, why }
}

/** Rollout-steps from which `auto` takes an engine on the cores. */
export function breakEven(
  spec: EngineSpec,
  work: Pick<Workload, 'flopsPerStep' | 'cores'>,
  specs: readonly EngineSpec[] = allEngines,
): number {
  const each = savedMs(spec, everywhere(specs), { ...work, rolloutSteps: 1 })
  const loadMs = spec.cost.on === 'cores' ? spec.cost.loadMs : 0
  return Math.ceil((MARGIN * loadMs) / each)
}

/** The rule for one model on this machine, engine by engine, from the fastest. */
export function autoRule(work: Ground, specs: readonly EngineSpec[] = allEngines): AutoThreshold[] {
  return specs.toReversed().map((spec): AutoThreshold => {
    const { name: backend, cost } = spec
    if (spec.everywhere) return { backend, words: 'otherwise' }
    if (cost.on === 'device') {
      const words = `from ${cost.fromRollouts} rollouts a puzzle on${cost.note ? ` (${cost.note})` : ''}`
      return { backend, from: { count: cost.fromRollouts, of: 'rollouts' }, words }
    }
    if (work.isTied) return { backend, words: `never: ${TIED}` }
    const count = breakEven(spec, work, specs)
    const words = `from ${count} expected rollout-steps on, where it saves twice the time that it takes to load`
    return { backend, from: { count, of: 'rollout-steps' }, words }
  })
}

function everywhere(specs: readonly EngineSpec[]): EngineSpec {
  const base = specs.find((spec) => spec.everywhere)
  if (!base) throw new Error('no engine among these runs everywhere')
  return base
}

function savedMs(
  spec: EngineSpec,
  base: EngineSpec,
  { flopsPerStep, rolloutSteps, cores }: Pick<Workload, 'flopsPerStep' | 'rolloutSteps' | 'cores'>,
): number {
  const ms = ({ cost }: EngineSpec) =>
    cost.on === 'cores' ? (flopsPerStep * rolloutSteps) / cost.gflops / 1e6 / cores : 0
  return ms(base) - ms(spec)
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toPrecision(3)} s`
}
