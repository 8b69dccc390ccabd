/** The charts below the wall, loaded after it: until something is drawn in them, sketches of what will be. */
import type { Palette } from './colours.ts'
import { byId } from './page.ts'
import { QChart } from './q-chart.ts'
import type { Rollouts } from './rollouts.ts'
import { Scatter } from './scatter.ts'

export class Charts {
  readonly #chart: QChart
  readonly #scatter: Scatter

  constructor(palette: Palette) {
    this.#chart = new QChart(byId('chart', HTMLElement), palette)
    this.#scatter = new Scatter(byId('scatter', HTMLCanvasElement), palette)
  }

  set palette(palette: Palette) {
    this.#chart.palette = palette
    this.#scatter.palette = palette
  }

  showChart(rollouts: Rollouts, followed: number | undefined): void {
    this.#chart.show(rollouts, followed)
    hideSketch('chart', rollouts.started.length > 0)
  }

  showScatter(rollouts: Rollouts, followed: number | undefined): void {
    this.#scatter.show(rollouts, followed)
    hideSketch(
      'scatter',
      rollouts.started.some(({ latents }) => latents.length > 0),
    )
  }
}

function hideSketch(id: string, isDrawn: boolean): void {
  byId(id, HTMLElement).parentElement!.toggleAttribute('data-drawn', isDrawn)
}
