/** Engines opened in this thread: for the contract, benchmarks and the doctor. Node only. */
import { compileKernel, type Model } from '@ptrm/core-wasm'
import { BackendUnavailableError } from '../errors.ts'
import type { Engine } from './engine.ts'
import { absenceOf, engines as allEngines } from './registry.ts'
import type { EngineSpec, EngineVariant } from './spec.ts'

/** One way of opening one engine. */
export interface EngineMaker {
  readonly spec: EngineSpec
  readonly variant: EngineVariant
  /** The engine's name. */
  readonly backend: string
  /** The variant's. */
  readonly name: string
  /** Rejects with `BackendUnavailableError`. The caller closes the engine. */
  make(model: Model, slots: number): Promise<Engine>
}

/** What can be opened on this machine. */
export interface AvailableEngines {
  readonly engines: readonly EngineMaker[]
  /** Why others are not among them; engines for devices that are not there go without saying. */
  readonly missing: readonly BackendUnavailableError[]
}

/** The variants of an engine, whether it loads here or not. */
export function enginesOf(spec: EngineSpec): EngineMaker[] {
  return spec.variants.map((variant) => ({
    spec,
    variant,
    backend: spec.name,
    name: variant.name,
    make: async (model, slots) =>
      spec.open({
        kernel: await compileKernel({ variant: variant.kernel }),
        model,
        options: { ...variant.options, slots },
      }),
  }))
}

/** Those that load on this machine. */
export async function availableEngines(specs: readonly EngineSpec[] = allEngines): Promise<AvailableEngines> {
  const engines: EngineMaker[] = []
  const missing: BackendUnavailableError[] = []
  for (const spec of specs) {
    const absence = absenceOf(spec)
    try {
      if (absence) throw absence
      await spec.load?.()
      engines.push(...enginesOf(spec))
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error
      if (spec.cost.on === 'cores') missing.push(error)
    }
  }
  return { engines, missing }
}
