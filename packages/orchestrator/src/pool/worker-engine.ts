/** The engine that a worker in Node opens, by what its pool tells of it. */
import { engineNamed } from '../engines/registry.ts'
import type { EngineSpec } from '../engines/spec.ts'
import { openModel } from '../model.ts'
import type { MakeEngine } from './worker.ts'

/** Its name in the registry, or the module that holds its spec. Structured-cloneable. */
export interface WorkerEngine {
  readonly name: string
  readonly module?: string | undefined
  /** As its spec's `open` takes them. */
  readonly options: object
}

export function makerOf({ name, module, options }: WorkerEngine): MakeEngine {
  const spec = async (): Promise<EngineSpec> =>
    module === undefined
      ? engineNamed(name)
      : ((await import(module)) as { readonly engine: EngineSpec }).engine
  return async (kernel, bytes) => (await spec()).open({ kernel, model: openModel(bytes), options })
}
