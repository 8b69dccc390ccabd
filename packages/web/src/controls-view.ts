/** The element's controls: one button that solves or stops, a line that says how it stands, a bar. */
import { html, type TemplateResult } from 'lit'
import type { Progress, State } from './status.ts'

export interface ControlsView {
  readonly state: State
  /** The line beside the button; what is worth speaking is spoken elsewhere. */
  readonly status: string
  /** Whether that is what was refused, not how the run stands. */
  readonly isRefusal: boolean
  readonly progress: Progress
  readonly onSolve: () => void
  readonly onStop: () => void
}

export function controlsView({
  state,
  status,
  isRefusal,
  progress,
  onSolve,
  onStop,
}: ControlsView): TemplateResult {
  const busy = state === 'loading' || state === 'solving'
  const bar = html`<progress
    part="progress" aria-label="Tries done" max=${progress.rollouts || 1} .value=${progress.done}
  ></progress>`
  return html`<div class="controls" part="controls">
    <button part="button" type="button" @click=${busy ? onStop : onSolve}>${busy ? 'Stop' : 'Solve'}</button>
    <p class="status" part="status" aria-hidden="true" data-state=${isRefusal ? 'refused' : state}>${status}</p>
    ${busy ? bar : ''}
  </div>`
}
