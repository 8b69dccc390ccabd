/** What the charts share: colours that colour-blind readers tell apart (Okabe and Ito), and axes. */

const COLORS: Readonly<Record<string, string>> = {
  'pass@K': '#999999',
  'best-Q@K': '#0072b2',
  'mode@K': '#e69f00',
  'q-weighted@K': '#cc79a7',
  'verified@K': '#009e73',
  'plain TRM': '#000000',
  'one rollout': '#d55e00',
  right: '#009e73',
  wrong: '#d55e00',
}

/** Colours of series whose names are not known before; the first two are best-Q's and verified's. */
export const SERIES: readonly string[] = [
  '#0072b2',
  '#009e73',
  '#d55e00',
  '#e69f00',
  '#cc79a7',
  '#56b4e9',
  '#000000',
  '#999999',
]

/** Colours of the names in this order, which is the legend's too. */
export function colors(names: readonly string[]): { domain: readonly string[]; range: string[] } {
  return { domain: names, range: names.map((name) => COLORS[name.replace(/ by rules$/, '')]!) }
}

export function quantity(field: string, title: string, more: object = {}): object {
  return { field, type: 'quantitative', title, ...more }
}

/** A share from 0 to 1, told in percent. */
export function share(field: string, title: string): object {
  return quantity(field, title, { scale: { domain: [0, 1] }, axis: { format: '.0%' } })
}
