/** The page's colours for canvases: q on one scale, the rest from the style sheet, in the scheme that is on. */

export interface Palette {
  readonly paper: string
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly accent: string
  readonly right: string
  readonly wrong: string
  readonly wrongFill: string
  readonly flash: string
  readonly shade: string
}

const NAMES: readonly (keyof Palette)[] = [
  'paper',
  'ink',
  'muted',
  'line',
  'accent',
  'right',
  'wrong',
  'wrongFill',
  'flash',
  'shade',
]

/** Reads them as the browser resolves them, `light-dark()` included. */
export function readPalette(): Palette {
  const probe = document.createElement('i')
  document.body.append(probe)
  const read = (name: string) => {
    probe.style.color = `var(--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`
    return getComputedStyle(probe).color
  }
  const palette = Object.fromEntries(NAMES.map((name) => [name, read(name)]))
  probe.remove()
  return palette as unknown as Palette
}

/** Halt logits run from about -10 (surely wrong) to 9 (surely right). */
export const Q_RANGE = [-10, 9] as const

/** Dark to bright on dark and on light ground alike. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [74, 86, 132],
  [106, 79, 200],
  [201, 72, 155],
  [241, 115, 91],
  [255, 194, 71],
]

export function qColour(q: number, alpha = 1): string {
  const [least, most] = Q_RANGE
  const at = (Math.min(most, Math.max(least, q)) - least) / (most - least)
  const index = Math.min(STOPS.length - 2, Math.floor(at * (STOPS.length - 1)))
  const part = at * (STOPS.length - 1) - index
  const [from, to] = [STOPS[index]!, STOPS[index + 1]!]
  const mixed = from.map((value, i) => Math.round(value + (to[i]! - value) * part))
  return `rgb(${mixed.join(' ')} / ${alpha})`
}
