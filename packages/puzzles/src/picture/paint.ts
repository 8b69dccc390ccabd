/** Colours of a terminal, or none; and the marks that say the same without them. */
import type { DrawTextOptions, Violation } from '../kind.ts'

const SGR = {
  given: '\u001b[1m',
  answer: '\u001b[36m',
  light: '\u001b[33m',
  wrong: '\u001b[1;31m',
  dim: '\u001b[2m',
} as const
const RESET = '\u001b[0m'

export type Style = keyof typeof SGR

/**
 * Paints the cells of a picture: in their style, or, where they break a rule of `options.violations`, as wrong and with
 * `marked` in place of the text.
 */
export function cellPainter(
  options: DrawTextOptions,
): (cell: number, style: Style, text: string, marked?: string) => string {
  const paint = painter(options)
  const bad = badCells(options.violations)
  return (cell, style, text, marked = markText(text)) =>
    bad.has(cell) ? paint('wrong', marked) : paint(style, text)
}

/** A painter for these options: styles where colour is wanted, else the text as it is. */
export function painter({ color }: DrawTextOptions): (style: Style, text: string) => string {
  return (style, text) => (color ? SGR[style] + text + RESET : text)
}

/** The cells that break a rule. */
export function badCells(violations: readonly Violation[] = []): ReadonlySet<number> {
  return new Set(violations.flatMap(({ cells }) => cells))
}

/** The characters of a cell that breaks a rule: framed by exclamation marks, so that it shows without colour. */
export function markText(text: string): string {
  return `!${[...text].slice(1, -1).join('')}!`
}
