/** The chart of q over steps: one line a rollout, redrawn as steps come in. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type Palette, Q_RANGE, qColour } from './colours.ts'
import { qOf, type Rollouts } from './rollouts.ts'

const HEIGHT = 260
/** Halt logits that are named, in words: what the numbers mean is told in tooltips. */
const MARKED = [
  { q: Q_RANGE[0], text: 'surely wrong' },
  { q: 0, text: 'can’t tell' },
  { q: Q_RANGE[1], text: 'surely right' },
]
/** At least so far down and up. */
const [BOTTOM, TOP] = [Q_RANGE[0] - 1, Q_RANGE[1] + 1]

export class QChart {
  readonly #box: HTMLElement
  #plot: uPlot | undefined
  #palette: Palette
  #rollouts: Rollouts | undefined
  #followed: number | undefined

  constructor(box: HTMLElement, palette: Palette) {
    this.#box = box
    this.#palette = palette
    new ResizeObserver(() => this.#plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box)
  }

  set palette(palette: Palette) {
    this.#palette = palette
    if (this.#rollouts) this.#make(this.#rollouts)
  }

  show(rollouts: Rollouts, followed: number | undefined): void {
    if (rollouts !== this.#rollouts || !this.#plot) this.#make(rollouts)
    this.#followed = followed
    this.#plot!.setData(dataOf(rollouts), true)
  }

  #make(rollouts: Rollouts): void {
    this.#plot?.destroy()
    this.#rollouts = rollouts
    const { muted, line } = this.#palette
    const axis: uPlot.Axis = {
      stroke: muted,
      grid: { stroke: line, width: 0.5 },
      ticks: { show: false },
      font: '12px ui-sans-serif, system-ui, sans-serif',
    }
    const series = Array.from({ length: rollouts.planned }, (_, k) => this.#series(k))
    this.#plot = new uPlot(
      {
        width: this.#box.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [1, Math.max(2, rollouts.steps)] },
          y: { range: (_plot, least, most) => [Math.min(BOTTOM, least), Math.max(TOP, most)] },
        },
        axes: [
          { ...axis, label: 'step', labelSize: 18, labelFont: axis.font!, size: 28, incrs: [1, 2, 4, 8, 16] },
          {
            ...axis,
            size: 92,
            splits: () => MARKED.map(({ q }) => q),
            values: () => MARKED.map(({ text }) => text),
          },
        ],
        series: [{}, ...series],
      },
      dataOf(rollouts),
      this.#box,
    )
  }

  #series(number: number): uPlot.Series {
    const rollout = () => this.#rollouts?.get(number)
    return {
      points: { show: false },
      stroke: () => {
        if (number === this.#followed) return this.#palette.ink
        const found = rollout()
        if (!found) return 'transparent'
        return qColour(this.#palette, qOf(found), this.#followed === undefined ? 0.75 : 0.25)
      },
      width: 1.5,
    }
  }
}

/** Steps, then q of each planned rollout; null where there is none yet. */
function dataOf(rollouts: Rollouts): uPlot.AlignedData {
  const steps = Array.from({ length: rollouts.steps }, (_, step) => step + 1)
  const lines = Array.from({ length: rollouts.planned }, (_, k) => {
    const q = rollouts.get(k)?.q ?? []
    return steps.map((_step, i) => q[i] ?? null)
  })
  return [steps, ...lines]
}
