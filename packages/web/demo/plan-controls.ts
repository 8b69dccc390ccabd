/** The sliders and switches of the plan. */
import type { NoiseTarget } from '@ptrm/orchestrator/browser'
import { isSeed, MOST_SIGMA, type Shared } from './link.ts'
import { byId, html } from './page.ts'

export type PagePlan = Omit<Shared, 'puzzle'>

interface Slider {
  readonly name: 'rollouts' | 'steps' | 'sigma'
  readonly label: string
  readonly min: number
  readonly max: number
  readonly step: number | 'any'
  readonly value: number
  /** From the slider's place to the plan's value, and back. */
  readonly toPlan: (place: number) => number
  readonly toPlace: (value: number) => number
}

const same = (value: number) => value

/** K on a logarithmic slider: any number can be set, powers of two are easy to hit. */
function countAt(place: number): number {
  const power = Math.round(place)
  return Math.abs(place - power) < 0.08 ? 2 ** power : Math.round(2 ** place)
}

/** The noise that each kind's bundled model recommends (its file has it too, but is loaded only when it is to solve). */
export const NOISE: Readonly<Record<string, number>> = {
  sudoku: 0.3,
  lightup: 0.8,
  tapa: 1,
  shakashaka: 0.8,
  heyawake: 1.2,
  nurikabe: 0.5,
}

const SLIDERS: readonly Slider[] = [
  {
    ...{ name: 'rollouts', label: 'Tries, K', min: 0, max: 8, step: 'any', value: 64 },
    toPlan: countAt,
    toPlace: Math.log2,
  },
  {
    name: 'steps',
    label: 'Steps of each, D',
    min: 1,
    max: 64,
    step: 1,
    value: 16,
    toPlan: same,
    toPlace: same,
  },
  {
    name: 'sigma',
    label: 'Noise, σ',
    min: 0,
    max: MOST_SIGMA,
    step: 0.05,
    value: 0.3,
    toPlan: same,
    toPlace: same,
  },
]

export class PlanControls {
  readonly #inputs = new Map<Slider['name'], HTMLInputElement>()
  readonly #seed = byId('seed', HTMLInputElement)
  readonly #stop = byId('stop', HTMLInputElement)
  readonly #changed: () => void

  /** `changed` hears of every change by hand. */
  constructor(changed: () => void) {
    this.#changed = changed
    byId('sliders', HTMLElement).append(...SLIDERS.map((slider) => this.#slider(slider)))
    for (const input of [this.#seed, this.#stop, ...this.#targets()])
      input.addEventListener('input', () => this.#changed())
    byId('dice', HTMLButtonElement).addEventListener('click', () => {
      this.#seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0])
      this.#changed()
    })
  }

  get plan(): PagePlan {
    const value = (slider: Slider) => slider.toPlan(Number(this.#inputs.get(slider.name)!.value))
    const [rollouts, steps, sigma] = SLIDERS.map(value) as [number, number, number]
    const seed = isSeed(this.#seed.value) ? BigInt(this.#seed.value) : 0n
    const noiseTarget = this.#targets().find(({ checked }) => checked)!.value as NoiseTarget
    return { rollouts, steps, sigma, seed, noiseTarget, stop: this.#stop.checked }
  }

  set(plan: Partial<PagePlan>): void {
    for (const slider of SLIDERS) {
      const value = plan[slider.name]
      const input = this.#inputs.get(slider.name)!
      if (value !== undefined) input.value = String(slider.toPlace(value))
      input.dispatchEvent(new Event('ptrm-set'))
    }
    if (plan.seed !== undefined) this.#seed.value = String(plan.seed)
    if (plan.stop !== undefined) this.#stop.checked = plan.stop
    for (const input of this.#targets())
      if (plan.noiseTarget) input.checked = input.value === plan.noiseTarget
  }

  #targets(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>('input[name=target]')]
  }

  #slider(slider: Slider): HTMLElement {
    const { name, label, min, max, step, value, toPlan, toPlace } = slider
    const input = html('input', { type: 'range', id: name })
    // Before the value, which they bound.
    Object.assign(input, { min: String(min), max: String(max), step: String(step) })
    input.value = String(toPlace(value))
    const output = html('output')
    const show = () => {
      const text = String(Number(toPlan(Number(input.value)).toFixed(2)))
      output.value = text
      input.ariaValueText = text
    }
    show()
    input.addEventListener('ptrm-set', show)
    input.addEventListener('input', () => {
      show()
      this.#changed()
    })
    this.#inputs.set(name, input)
    return html('div', { className: 'slider' }, html('label', { htmlFor: name }, label), output, input)
  }
}
