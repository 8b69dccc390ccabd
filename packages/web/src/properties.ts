/** What a page sets on the element, as properties or as attributes. What they do is the element's. */
import type {
  NoiseTarget,
  SelectorName,
  SolveOptions,
  Solver,
  StopRule,
  WasmUrl,
} from '@ptrm/orchestrator/browser'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { LitElement, type PropertyDeclarations } from 'lit'
import type { State } from './status.ts'

/** The plan is rollouts, steps, sigma, noiseTarget, seed, stopRule, select and exact; what it leaves out comes from the model. */
export abstract class SolverProperties extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    kind: { type: String, converter: (text) => text || DEFAULT_KIND },
    model: { type: String, converter: optionOf },
    modelUrl: { type: String, attribute: 'model-url', converter: optionOf },
    wasmUrl: { type: String, attribute: 'wasm-url', converter: optionOf },
    workers: { type: Number, converter: optionOf },
    rollouts: { type: Number, converter: optionOf },
    steps: { type: Number, converter: optionOf },
    sigma: { type: Number, converter: optionOf },
    noiseTarget: { type: String, attribute: 'noise-target', converter: optionOf },
    seed: { type: seedOf, attribute: 'seed', converter: optionOf },
    // Not `stop`: frameworks set the property of a tag's name where there is one, and that is a method.
    stopRule: { type: String, attribute: 'stop-rule', converter: optionOf },
    select: { type: String, converter: optionOf },
    exact: { type: Boolean },
    readonly: { type: Boolean, reflect: true },
    pad: { type: Boolean },
    play: { type: Boolean },
    noControls: { type: Boolean, attribute: 'no-controls' },
    state: { type: String, reflect: true },
    solver: { attribute: false },
  }

  /** What a grid without a kind's name is, by any of the kind's names: `lightup`, `Light Up`, `akari`. */
  declare kind: string
  /** A bundled model's name or kind; by default the puzzle's kind. */
  declare model: string | undefined
  /** A safetensors file of the page's own, relative to the page. */
  declare modelUrl: string | undefined
  /** Where the kernel's plain SIMD build is; as a property also `{ simd128, relaxed }`. */
  declare wasmUrl: WasmUrl | undefined
  /** How many workers compute; by default one a core. */
  declare workers: number | undefined
  /** K, the number of rollouts. */
  declare rollouts: number | undefined
  /** D, the deep recursion steps of each rollout. */
  declare steps: number | undefined
  /** The noise's standard deviation. */
  declare sigma: number | undefined
  /** Where the noise goes: `zL`, `zH` or `both`. */
  declare noiseTarget: NoiseTarget | undefined
  /** What the noise is drawn from: the same seed gives the same rollouts. */
  declare seed: bigint | number | undefined
  /** When the run ends: `first-verified` (the default) or `all`; as a property also `{ qAbove }`. */
  declare stopRule: StopRule | undefined
  /** How the answer is chosen among the candidates: `verified` (the default), `best-q`, `mode` or `q-weighted`. */
  declare select: SelectorName | undefined
  /** Answer and counts depend on the seed alone, whatever the workers. */
  declare exact: boolean | undefined
  /** Nobody writes on the board. */
  declare readonly: boolean
  /** The board alone, without button and status. */
  declare noControls: boolean
  /** Shows the pad where `noControls` would leave it out. */
  declare pad: boolean
  /** People write their own answer, not clues; the pad then checks it and gives hints. */
  declare play: boolean
  /** What the element is at; set by the element. */
  declare state: State
  /** A solver of the host page's, which several elements may have and the page closes; without one the elements of a page share theirs. */
  declare solver: Solver | Promise<Solver> | undefined

  constructor() {
    super()
    this.kind = DEFAULT_KIND
    this.readonly = false
    this.noControls = false
    this.pad = false
    this.play = false
    this.state = 'idle'
  }

  protected plan(): SolveOptions {
    return {
      rollouts: said(this.rollouts),
      steps: said(this.steps),
      sigma: said(this.sigma),
      noiseTarget: said(this.noiseTarget),
      seed: said(this.seed),
      stop: said(this.stopRule),
      select: said(this.select),
      exact: said(this.exact),
    }
  }

  /** `kind`, also where a framework has taken it away. */
  protected get kindName(): string {
    return said(this.kind) ?? DEFAULT_KIND
  }
}

/** Frameworks take a property away by `null` (React), or by `''` (Preact, Vue). */
export function said<T>(value: T): T | undefined {
  return value === null || (value as unknown) === '' ? undefined : value
}

/** An attribute that is not there, or empty, says nothing: Lit's own converter makes `null` or 0 of it. */
function optionOf(text: string | null, type: unknown): unknown {
  return text ? (type as (text: string) => unknown)(text) : undefined
}

/** What is no number is left for the plan's check to name. */
function seedOf(text: string): bigint | number {
  return /^\d+$/.test(text) ? BigInt(text) : Number.NaN
}
