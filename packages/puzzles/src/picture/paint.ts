/** Colours of a terminal, or none. */
import type { DrawTextOptions } from '../kind.ts'

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
