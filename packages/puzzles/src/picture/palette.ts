/**
 * The colours of boards by what they are for, and the only list of them: SVG documents, the web element and its
 * canvases take theirs from here. (Terminals have the reader's own colours.)
 */
export type Scheme = 'light' | 'dark' | 'print'

export type ColourRole =
  | 'paper'
  /** Clues, givens, walls, thick lines. */
  | 'ink'
  /** Thin lines. */
  | 'line'
  /** What was found: digits, and the dot of a cell that was decided to stay white. */
  | 'accent'
  | 'shade'
  /** The rules' word that an answer is right. */
  | 'right'
  | 'lit'
  | 'bulb'
  | 'wrong'
  | 'wrong-fill'

export const PALETTE: Readonly<Record<ColourRole, Readonly<Record<Scheme, string>>>> = {
  paper: { light: '#fff', dark: '#16181d', print: '#fff' },
  ink: { light: '#14161b', dark: '#f1f2f5', print: '#000' },
  line: { light: '#a3a8b0', dark: '#5a606b', print: '#777' },
  accent: { light: '#1d5fbf', dark: '#7db4ff', print: '#000' },
  shade: { light: '#4a5568', dark: '#9aa5b8', print: '#555' },
  right: { light: '#14743c', dark: '#6fdc9c', print: '#000' },
  lit: { light: '#fff6cc', dark: '#4a4215', print: '#fff' },
  bulb: { light: '#e0a100', dark: '#ffd24a', print: '#000' },
  wrong: { light: '#b00020', dark: '#ff9aa5', print: '#000' },
  'wrong-fill': { light: '#fbd5d5', dark: '#5b1f27', print: '#ddd' },
}

export const COLOUR_ROLES: readonly ColourRole[] = Object.keys(PALETTE) as ColourRole[]
