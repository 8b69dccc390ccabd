/** The element's attributes, and how their texts are read. */
import type { PropertyDeclarations } from 'lit'

export const properties: PropertyDeclarations = {
  // The element has accessors of its own: its text counts as well.
  puzzle: { type: String, noAccessor: true },
  kind: { type: String },
  model: { type: String },
  modelUrl: { type: String, attribute: 'model-url' },
  wasmUrl: { type: String, attribute: 'wasm-url' },
  workers: { type: Number },
  rollouts: { type: Number },
  steps: { type: Number },
  sigma: { type: Number },
  noiseTarget: { type: String, attribute: 'noise-target' },
  seed: { attribute: 'seed', converter: seedOf },
  stopRule: { type: String, attribute: 'stop' },
  select: { type: String },
  exact: { type: Boolean },
  readonly: { type: Boolean, reflect: true },
  pad: { type: Boolean },
  noControls: { type: Boolean, attribute: 'no-controls' },
  state: { type: String, reflect: true },
}

/** A seed attribute; what is no number is left for the plan's check to name. */
function seedOf(text: string | null): bigint | number | undefined {
  if (text === null) return undefined
  return /^\d+$/.test(text) ? BigInt(text) : Number.NaN
}
