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
