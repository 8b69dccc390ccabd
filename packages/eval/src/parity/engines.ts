/** The engines that parity is proved on, each with its state open to reading and writing: those of the registry. */
import type { Tensors, TrmConfig } from '@ptrm/core-wasm'
import { type EngineSpec, engines, type InspectableModel } from '@ptrm/orchestrator/engines'

/** One way of opening one engine. */
export interface ParityEngine {
  readonly name: string
  /** Rejects with `BackendUnavailableError` or `KernelUnavailableError` where it does not load. The caller closes it. */
  open(config: TrmConfig, weights: Tensors, slots: number): Promise<InspectableModel>
}

/** Every engine of this build, whether it loads on this machine or not; one for a device only where that is installed. */
export const parityEngines: readonly ParityEngine[] = engines
  .filter((spec) => spec.cost.on === 'cores' || spec.missing() === undefined)
  .flatMap(parityEnginesOf)

/** The variants of one engine, those for the contract alone left out. */
export function parityEnginesOf(spec: EngineSpec): ParityEngine[] {
  return spec.variants
    .filter(({ contractOnly }) => !contractOnly)
    .map((variant) => ({
      name: variant.name,
      open: (config, tensors, slots) => spec.inspect(variant, { config, tensors, slots }),
    }))
}
