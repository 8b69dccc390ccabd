/** How the element looks: its colours as custom properties, light and dark, and the rules for the kinds' pictures. */
import { boardColours, boardShapes, COLOUR_ROLES, type ColourRole, PALETTE } from '@ptrm/puzzles'
import { type CSSResult, css, unsafeCSS } from 'lit'

/** A colour of boards as CSS: the host page's `--ptrm-ROLE`, else the palette's, light or dark as the scheme says. */
export function boardColour(role: ColourRole): string {
  const { light, dark } = PALETTE[role]
  return `var(--ptrm-${role}, light-dark(${light}, ${dark}))`
}

function declareColours(colour: (role: ColourRole) => string): CSSResult {
  return unsafeCSS(COLOUR_ROLES.map((role) => `--_${role}: ${colour(role)};`).join(' '))
}

/** Every colour is a custom property that the host page may set. Without `light-dark()` it is light. */
const colours: CSSResult = css`
  :host {
    ${declareColours((role) => `var(--ptrm-${role}, ${PALETTE[role].light})`)}
    --_muted: var(--ptrm-muted, #5c6370);
    --_on-accent: var(--ptrm-on-accent, #fff);
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      ${declareColours(boardColour)}
      --_muted: var(--ptrm-muted, light-dark(#5c6370, #a2a9b6));
      --_on-accent: var(--ptrm-on-accent, light-dark(#fff, #0c1524));
    }
  }
`

/** For every class that the kinds' pictures use. */
export const pictureStyles: CSSResult = css`
  svg { display: block; inline-size: 100%; block-size: auto; }
  ${unsafeCSS(boardShapes('svg'))}
  ${unsafeCSS(boardColours('svg', (role) => `var(--_${role})`))}
`

const layout: CSSResult = css`
  :host {
    display: block;
    max-inline-size: max(30rem, var(--_columns, 0) * 1.6rem);
    color: var(--_ink);
    font: 1rem/1.4 ui-sans-serif, system-ui, sans-serif;
  }
  :host([hidden]) { display: none; }
  .board { position: relative; }
  [role='grid'] { position: absolute; display: grid; }
  [role='row'] { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; }
  [role='gridcell'] { border-radius: 3px; cursor: cell; outline: none; touch-action: manipulation; }
  [role='gridcell']:focus-visible, [role='gridcell']:focus { box-shadow: inset 0 0 0 3px var(--_accent); }
  :host([readonly]) [role='gridcell'] { cursor: default; }
  .pad { display: grid; gap: 0.4rem; margin-block-start: 0.6rem; }
  .pad > div { display: flex; flex-wrap: wrap; gap: 0.3rem; }
  .pad .keys { display: grid; grid-template-columns: repeat(var(--_keys, 5), minmax(0, 1fr)); min-block-size: 2.5rem; }
  .pad .keys.many { grid-template-columns: repeat(auto-fit, minmax(2.5rem, 1fr)); }
  .pad div + div button { flex: 1; padding: 0 0.25rem; font-size: 0.88rem; }
  .pad .keys button { padding: 0; min-inline-size: 0; }
  .pad p { min-block-size: 2.8em; margin: 0; color: var(--_muted); font-size: 0.85rem; }
  .pad button {
    min-block-size: 2.5rem; min-inline-size: 2.5rem; padding: 0 0.6rem; border: 1px solid var(--_line); border-radius: 0.5rem;
    background: var(--_paper); color: var(--_ink); font-weight: 500; touch-action: manipulation;
  }
  .pad button[aria-pressed='true'] { border-color: var(--_accent); box-shadow: inset 0 0 0 1px var(--_accent); }
  .pad button:disabled { color: var(--_muted); cursor: default; }
  .controls { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; margin-block-start: 0.75rem; }
  button {
    min-block-size: 2.75rem; padding: 0 1.25rem; border: 0; border-radius: 0.6rem;
    background: var(--_accent); color: var(--_on-accent); font: inherit; font-weight: 650; cursor: pointer;
  }
  button:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
  .status { margin: 0; color: var(--_muted); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; flex: 1 1 12rem; }
  .status[data-state='solved'] { color: var(--_right); }
  .status[data-state='error'] { color: var(--_wrong); }
  progress { inline-size: 100%; block-size: 0.3rem; accent-color: var(--_accent); flex-basis: 100%; }
  .spoken { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (forced-colors: active) {
    [role='gridcell']:focus { outline: 3px solid Highlight; outline-offset: -3px; }
  }
`

export const styles: readonly CSSResult[] = [colours, pictureStyles, layout]
