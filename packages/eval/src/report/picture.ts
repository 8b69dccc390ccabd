/** A picture of a report: what it shows, as rows and as a Vega-Lite chart; drawn as SVG without a browser. */
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { csv } from '../text.ts'

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

/** Draws a picture. */
export async function draw(picture: Picture): Promise<Drawn> {
  const spec = { width: 560, height: 320, config: CONFIG, ...picture.chart, data: { values: picture.rows } }
  const compiled = compile(spec as unknown as TopLevelSpec).spec
  const view = new View(parse(compiled), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return { picture, svg, csv: rowsCsv(picture.rows) }
}

/** Rows as CSV, with a header of all fields. */
export function rowsCsv(rows: readonly Row[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return csv([fields, ...rows.map((row) => fields.map((field) => row[field]))])
}
