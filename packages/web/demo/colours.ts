/** The page's colours for canvases: q on one scale, boards' from the palette of all boards, the rest from the style sheet. */
import { COLOUR_ROLES, type ColourRole } from '@ptrm/puzzles'
import { boardColour } from '../src/styles.ts'

const PAGE_COLOURS = ['ink', 'muted', 'line', 'right', 'accent', 'flash'] as const

export interface Palette extends Readonly<Record<(typeof PAGE_COLOURS)[number], string>> {
  readonly board: Readonly<Record<ColourRole, string>>
}

/** Reads them as the browser resolves them in the scheme that is on, `light-dark()` included. */
export function readPalette(): Palette {
  const probe = document.createElement('i')
  document.body.append(probe)
  const read = <Name extends string>(names: readonly Name[], colour: (name: Name) => string) =>
    Object.fromEntries(
      names.map((name) => {
        probe.style.color = colour(name)
        return [name, getComputedStyle(probe).color]
      }),
    ) as Record<Name, string>
  const palette = {
    ...read(PAGE_COLOURS, (name) => `var(--${name})`),
    board: read(COLOUR_ROLES, boardColour),
  }
  probe.remove()
  return palette
}

/** Halt logits run from about -10 (surely wrong) to 10 (surely right). */
export const Q_RANGE = [-10, 10] as const

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
