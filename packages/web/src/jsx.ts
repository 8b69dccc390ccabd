/** What a JSX tag of the element takes beside what every tag takes: its properties, attributes and events. Types alone. */
import type { LitElement } from 'lit'
import type { SolverEventMap } from './events.ts'
import type { SolverProperties } from './properties.ts'
import type { PtrmSolver } from './solver-element.ts'

type Settable = Exclude<keyof SolverProperties, keyof LitElement | 'state'> | 'puzzle'

type Properties = { readonly [Name in Settable]?: PtrmSolver[Name] | undefined }

/** As they are written in HTML, which is how they must be where a server writes the tag. */
interface Attributes {
  readonly 'model-url'?: string | undefined
  readonly 'wasm-url'?: string | undefined
  readonly 'noise-target'?: PtrmSolver['noiseTarget']
  readonly 'stop-rule'?: 'first-verified' | 'all' | undefined
  readonly 'no-controls'?: boolean | undefined
}

/** `onptrm-solved` and so on: React and Preact listen to what stands behind `on`. */
type Listeners = {
  readonly [Name in keyof SolverEventMap as `on${Name}`]?: ((event: SolverEventMap[Name]) => void) | undefined
}

export type SolverJsx = Properties & Attributes & Listeners
