/** The sliders and switches of the plan. */
import { makePlan, type NoiseTarget, type RecommendedPlan } from '@ptrm/orchestrator/browser'
import { isSeed, MOST_SIGMA, type Shared } from './link.ts'
import { byId, html } from './page.ts'

export type PagePlan = Omit<Shared, 'puzzle'>

interface Slider {
  readonly name: 'rollouts' | 'steps' | 'sigma'
  readonly label: string
  readonly min: number
  readonly max: number
  readonly step: number | 'any'
  /** From the slider's place to the plan's value, and back. */
  readonly toPlan: (place: number) => number
  readonly toPlace: (value: number) => number
  /** Where the slider goes from a place that it was moved to by hand. */
  readonly snap?: (place: number) => number
}

/** Phones are slower, and their walls smaller: fewer tries unless more are asked for. */
export const MOST_TRIES: number = globalThis.matchMedia?.('(max-width: 48rem)').matches ? 16 : 256

const same = (value: number) => value

/** K on a logarithmic slider: powers of two are easy to hit. */
function snapped(place: number): number {
  const power = Math.round(place)
  return Math.abs(place - power) < 0.08 ? power : place
}

const SLIDERS: readonly Slider[] = [
  {
    ...{ name: 'rollouts', label: 'Tries, K', min: 0, max: 8, step: 'any' },
    toPlan: (place) => Math.round(2 ** place),
    toPlace: Math.log2,
    snap: snapped,
  },
  {
    name: 'steps',
    label: 'Steps of each, D',
    min: 1,
    max: 64,
    step: 1,
    toPlan: same,
    toPlace: same,
  },
  {
    name: 'sigma',
    label: 'Noise, σ',
    min: 0,
    max: MOST_SIGMA,
    // Whatever a link says; by hand two places are enough.
    step: 'any',
    toPlan: same,
    toPlace: same,
    snap: (place) => Math.round(place * 100) / 100,
  },
]

export class PlanControls {
  readonly #inputs = new Map<Slider['name'], HTMLInputElement>()
  readonly #seed = byId('seed', HTMLInputElement)
  readonly #seedFault = byId('seed-fault', HTMLElement)
  readonly #stop = byId('stop', HTMLInputElement)
  readonly #changed: () => void
  /** What a person or a link has set: no model's recommendation leads it. */
  readonly #chosen = new Set<keyof PagePlan>()

  /** `changed` hears of every change by hand. */
  constructor(changed: () => void) {
    this.#changed = changed
    byId('sliders', HTMLElement).append(...SLIDERS.map((slider) => this.#slider(slider)))
    this.#seed.addEventListener('input', () => this.#seedChanged())
    this.#stop.addEventListener('input', () => this.#changed())
    for (const input of this.#targets()) input.addEventListener('input', () => this.#choose('noiseTarget'))
    this.recommend({})
    byId('dice', HTMLButtonElement).addEventListener('click', () => {
      this.#seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0])
      this.#seedChanged()
    })
  }

  /** Whether a field holds what no plan can; the field says so. */
  get isRefused(): boolean {
    return !isSeed(this.#seed.value)
  }

  /** Of a refused field the value is the default: ask `isRefused` before it is used. */
  get plan(): PagePlan {
    const value = (slider: Slider) => slider.toPlan(Number(this.#inputs.get(slider.name)!.value))
    const [rollouts, steps, sigma] = SLIDERS.map(value) as [number, number, number]
    const seed = isSeed(this.#seed.value) ? BigInt(this.#seed.value) : 0n
    const noiseTarget = this.#targets().find(({ checked }) => checked)!.value as NoiseTarget
    return { rollouts, steps, sigma, seed, noiseTarget, stop: this.#stop.checked }
  }

  /** Sets what a link says. */
  set(plan: Partial<PagePlan>): void {
    for (const [name, value] of Object.entries(plan))
      if (value !== undefined) this.#chosen.add(name as keyof PagePlan)
    this.#show(plan)
  }

  /** Another kind is on the board: noise that was chosen for the last one is no longer meant. */
  forgetNoise(): void {
    this.#chosen.delete('sigma')
  }

  /** Sets what a model recommends, or else the defaults, but for what was chosen. */
  recommend(recommended: RecommendedPlan): void {
    const { rollouts, steps, sigma, noiseTarget } = makePlan({}, recommended)
    const first = typeof sigma === 'number' ? sigma : sigma[0]!
    const plan = { rollouts: Math.min(rollouts, MOST_TRIES), steps, sigma: first, noiseTarget }
    this.#show(
      Object.fromEntries(Object.entries(plan).filter(([name]) => !this.#chosen.has(name as keyof PagePlan))),
    )
  }

  #seedChanged(): void {
    this.#tellSeed()
    this.#changed()
  }

  #tellSeed(): void {
    const { isRefused } = this
    this.#seedFault.textContent = isRefused ? 'A seed is a whole number from 0 to 2⁶⁴ − 1.' : ''
    if (isRefused) {
      this.#seed.setAttribute('aria-invalid', 'true')
      byId('settings', HTMLDetailsElement).open = true
    } else this.#seed.removeAttribute('aria-invalid')
  }

  #choose(name: keyof PagePlan): void {
    this.#chosen.add(name)
    this.#changed()
  }

  #show(plan: Partial<PagePlan>): void {
    for (const slider of SLIDERS) {
      const value = plan[slider.name]
      const input = this.#inputs.get(slider.name)!
      if (value !== undefined) input.value = String(slider.toPlace(value))
      input.dispatchEvent(new Event('ptrm-set'))
    }
    if (plan.seed !== undefined) this.#seed.value = String(plan.seed)
    this.#tellSeed()
    if (plan.stop !== undefined) this.#stop.checked = plan.stop
    for (const input of this.#targets())
      if (plan.noiseTarget) input.checked = input.value === plan.noiseTarget
  }

  #targets(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>('input[name=target]')]
  }

  #slider(slider: Slider): HTMLElement {
    const { name, label, min, max, step, toPlan, snap = same } = slider
    const input = html('input', { type: 'range', id: name })
    Object.assign(input, { min: String(min), max: String(max), step: String(step) })
    const output = html('output')
    const show = () => {
      const text = String(toPlan(Number(input.value)))
      output.value = text
      input.ariaValueText = text
    }
    input.addEventListener('ptrm-set', show)
    input.addEventListener('input', () => {
      input.value = String(snap(Number(input.value)))
      show()
      this.#choose(name)
    })
    this.#inputs.set(name, input)
    return html('div', { className: 'slider' }, html('label', { htmlFor: name }, label), output, input)
  }
}
