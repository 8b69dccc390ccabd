/** A picture of a report: what it shows, as rows and as a Vega-Lite chart; drawn as SVG without a browser. */
import type { TopLevelSpec } from 'vega-lite'

export type Row = Readonly<Record<string, string | number | boolean | null>>

export interface Picture {
  /** Its file name, without ending. */
  readonly name: string
  readonly title: string
  /** What is to be seen, and how it was got. */
  readonly caption: string
  readonly rows: readonly Row[]
  /** The chart over `rows`; they are its data. */
  readonly chart: Chart
}

/** A Vega-Lite chart without its data. */
export type Chart = Omit<TopLevelSpec, 'data' | '$schema'>

export interface Drawn {
  readonly picture: Picture
  readonly svg: string
  readonly csv: string
}

const CONFIG = {
  background: 'white',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: '#eee',
    domainColor: '#999',
  },
  legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelLimit: 0 },
}

/** Draws a picture. Vega is loaded here, since only reports need it. */
export async function draw(picture: Picture): Promise<Drawn> {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')])
  const spec = { width: 560, height: 320, config: CONFIG, ...picture.chart, data: { values: picture.rows } }
  const compiled = lite.compile(spec as unknown as TopLevelSpec).spec
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return { picture, svg, csv: toCsv(picture.rows) }
}

/** Rows as CSV, with a header of all fields. */
export function toCsv(rows: readonly Row[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = rows.map((row) => fields.map((field) => csvCell(row[field])).join(','))
  return [fields.join(','), ...lines, ''].join('\n')
}

function csvCell(value: Row[string] | undefined): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
