/** What this machine can run, found by trying it; and for what it can't, why, and what to install. Node only. */
import { availableParallelism, cpus, totalmem } from 'node:os'
import { type Model, usualBoard } from '@ptrm/core-wasm'
import { BackendUnavailableError, messageOf } from '../errors.ts'
import { type EngineMaker, enginesOf } from './available.ts'
import { type Gpu, listGpus } from './gpus.ts'
import { engines as allEngines } from './registry.ts'
import type { EngineSpec, Remedy } from './spec.ts'

/** What came of opening one engine. */
export interface EngineDiagnosis {
  readonly backend: string
  /** Which kernel, or which onnxruntime. */
  readonly detail: string
  readonly loads: boolean
  /** Milliseconds of one rollout-step of the model with one slot, after warming up; undefined where it does not load. */
  readonly msPerRolloutStep: number | undefined
  /** Why it does not load: the loader's own words. */
  readonly reason: string | undefined
}

/** The machine, and what came of every engine on it. */
export interface Diagnosis {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly engines: readonly EngineDiagnosis[]
  readonly gpus: readonly Gpu[]
  /** What to do for each engine that does not load. */
  readonly remedies: readonly (Remedy & { readonly backend: string })[]
}

const WARM_UP_STEPS = 30
const TIMED_STEPS = 5

/** Opens every engine with the model and takes a few steps. */
export async function diagnose(model: Model, specs: readonly EngineSpec[] = allEngines): Promise<Diagnosis> {
  const engines: EngineDiagnosis[] = []
  for (const maker of specs.flatMap(enginesOf))
    if (!maker.variant.contractOnly) engines.push(await tryEngine(maker, model))
  const loads = (spec: EngineSpec) => engines.some((one) => one.backend === spec.name && one.loads)
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    engines,
    gpus: listGpus(),
    remedies: specs
      .filter((spec) => !loads(spec))
      .flatMap((spec) => (spec.remedy ? [{ backend: spec.name, ...spec.remedy() }] : [])),
  }
}

async function tryEngine({ spec, variant, make }: EngineMaker, model: Model): Promise<EngineDiagnosis> {
  const about = { backend: spec.name, detail: spec.detail(variant) }
  try {
    const missing = spec.missing()
    if (missing !== undefined) return { ...about, loads: false, msPerRolloutStep: undefined, reason: missing }
    const engine = await make(model, 1)
    const size = usualBoard(model.config)
    engine.start(0, { ...size, tokens: new Uint8Array(size.rows * size.columns) })
    const step = (at: number) =>
      engine.step([{ slot: 0, rollout: 0, step: at, sigma: 0.3, seed: 0n, target: 'zL' }])
    for (let at = 0; at < WARM_UP_STEPS; at++) await step(at)
    const started = performance.now()
    for (let at = 0; at < TIMED_STEPS; at++) await step(WARM_UP_STEPS + at)
    const msPerRolloutStep = (performance.now() - started) / TIMED_STEPS
    engine.close()
    return { ...about, loads: true, msPerRolloutStep, reason: undefined }
  } catch (error) {
    const reason = error instanceof BackendUnavailableError ? error.reason : messageOf(error)
    return { ...about, loads: false, msPerRolloutStep: undefined, reason }
  }
}
