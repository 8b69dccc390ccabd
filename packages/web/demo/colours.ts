/**
 * The page's colours for canvases. One colour has one meaning, wherever it stands:
 *
 * - ink: what the puzzle says (givens, clues, walls), and text;
 * - blue (`accent`): what was found and chosen (digits, dots, the network's choice), and what can be pressed;
 * - violet (`sure`): confidence, from a pale grey (`unsure`) up;
 * - green (`right`): the rules say that it is right; red (`wrong`): that it is not;
 * - grey (`flash`): a cell that has just changed;
 * - yellow: light, which only Light Up has.
 *
 * Boards' are from the palette of all boards, the rest from colours.css.
 */
import { COLOUR_ROLES, type ColourRole } from '@ptrm/puzzles'
import { boardColour } from '../src/styles.ts'

const PAGE_COLOURS = ['ink', 'muted', 'line', 'right', 'flash', 'unsure', 'sure'] as const

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

/** A halt logit on the scale of confidence, from 0 to 1. */
export function confidenceAt(q: number): number {
  const [least, most] = Q_RANGE
  return (Math.min(most, Math.max(least, q)) - least) / (most - least)
}

/** As `color-mix(in srgb, ...)` mixes it in the style sheet. */
export function qColour({ unsure, sure }: Palette, q: number, alpha = 1): string {
  const [from, to] = [numbersOf(unsure), numbersOf(sure)]
  const part = confidenceAt(q)
  const mixed = from.map((value, i) => Math.round(value + (to[i]! - value) * part))
  return `rgb(${mixed.join(' ')} / ${alpha})`
}

/** Red, green and blue of a colour as browsers resolve it: `rgb(1, 2, 3)`. */
function numbersOf(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
}
