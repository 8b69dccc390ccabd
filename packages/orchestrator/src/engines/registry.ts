/** All engines of this build by name, and the words that callers choose among them with. The list itself is `index.ts`. */
import { BackendUnavailableError } from '../errors.ts'
import * as registered from './index.ts'
import type { EngineCost, EngineSpec } from './spec.ts'

type Registered = (typeof registered)[keyof typeof registered]

/** The name of an engine of this build: `'wasm'`, `'onnx-cpu'`, ... */
export type EngineName = Registered['name']

/** What `backend` may be: `auto`, an engine, or a family, of which the fastest that loads is taken. */
export type Backend = 'auto' | Registered['family'] | EngineName

/** Options of each family that has some, under the family's name. */
export type EngineOptions = {
  readonly [Spec in Registered as keyof OptionsOf<Spec> extends never ? never : Spec['family']]?:
    | OptionsOf<Spec>
    | undefined
}
type OptionsOf<Spec> = Spec extends EngineSpec<string, string, infer Options> ? Options : never

/** From the slowest to the fastest: the order of lists; `auto` and families go from its end. */
export const engines: readonly EngineSpec[] = inOrder(Object.values<EngineSpec>(registered))

/** What `backend` may be. */
export const backends: readonly Backend[] = backendsOf(engines) as Backend[]

/** By speed. */
export function inOrder(specs: readonly EngineSpec[]): EngineSpec[] {
  return specs.toSorted((a, b) => speed(a.cost) - speed(b.cost))
}

function speed(cost: EngineCost): number {
  return cost.on === 'device' ? Number.POSITIVE_INFINITY : cost.gflops
}

/** `auto`, then families and engines, each name once. */
export function backendsOf(specs: readonly EngineSpec[]): string[] {
  return [...new Set(['auto', ...specs.flatMap(({ family, name }) => [family, name])])]
}

/** The engine of this name. Throws `BackendUnavailableError` with the names that there are. */
export function engineNamed(name: string, specs: readonly EngineSpec[] = engines): EngineSpec {
  const spec = specs.find((one) => one.name === name)
  if (spec) return spec
  throw new BackendUnavailableError(name, `there are ${specs.map((one) => one.name).join(', ')}`)
}

/** Why an engine can't be opened, as far as that is known without loading it; undefined where all files are there. */
export function absenceOf(engine: EngineSpec): BackendUnavailableError | undefined {
  const missing = engine.missing()
  return missing === undefined
    ? undefined
    : new BackendUnavailableError(engine.name, `${missing}; it needs ${engine.needs}`)
}
