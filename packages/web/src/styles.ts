/** How the element looks: its colours as custom properties, light and dark, and the pictures' classes. */
import { type CSSResult, css } from 'lit'

/** Every colour is a custom property that the host page may set. Without `light-dark()` it is light. */
const colours: CSSResult = css`
  :host {
    --_paper: var(--ptrm-paper, #fff);
    --_ink: var(--ptrm-ink, #14161b);
    --_muted: var(--ptrm-muted, #5c6370);
    --_line: var(--ptrm-line, #b9bec8);
    --_accent: var(--ptrm-accent, #1d5fbf);
    --_on-accent: var(--ptrm-on-accent, #fff);
    --_wrong: var(--ptrm-wrong, #b00020);
    --_wrong-fill: var(--ptrm-wrong-fill, #fde3e3);
    --_right: var(--ptrm-right, #14743c);
    --_shade: var(--ptrm-shade, #4a5568);
    --_lit: var(--ptrm-lit, #fff6cc);
    --_bulb: var(--ptrm-bulb, #e0a100);
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --_paper: var(--ptrm-paper, light-dark(#fff, #16181d));
      --_ink: var(--ptrm-ink, light-dark(#14161b, #f1f2f5));
      --_muted: var(--ptrm-muted, light-dark(#5c6370, #a2a9b6));
      --_line: var(--ptrm-line, light-dark(#b9bec8, #4b515d));
      --_accent: var(--ptrm-accent, light-dark(#1d5fbf, #7db4ff));
      --_on-accent: var(--ptrm-on-accent, light-dark(#fff, #0c1524));
      --_wrong: var(--ptrm-wrong, light-dark(#b00020, #ff9aa5));
      --_wrong-fill: var(--ptrm-wrong-fill, light-dark(#fde3e3, #4d1f27));
      --_right: var(--ptrm-right, light-dark(#14743c, #6fdc9c));
      --_shade: var(--ptrm-shade, light-dark(#4a5568, #9aa5b8));
      --_lit: var(--ptrm-lit, light-dark(#fff6cc, #4a4215));
      --_bulb: var(--ptrm-bulb, light-dark(#e0a100, #ffd24a));
    }
  }
`

/** For every class that the kinds' pictures use. */
export const pictureStyles: CSSResult = css`
  svg { display: block; inline-size: 100%; block-size: auto; }
  svg path, svg .bad-gap, svg .bad-line { fill: none; }
  svg text { fill: var(--_ink); font-family: ui-sans-serif, system-ui, sans-serif; font-weight: 600; text-anchor: middle; }
  svg .paper { fill: var(--_paper); }
  svg .thin { stroke: var(--_line); stroke-width: 1; }
  svg .thick { stroke: var(--_ink); stroke-width: 3; stroke-linecap: square; }
  svg .wall { fill: var(--_ink); }
  svg .on-wall { fill: var(--_paper); }
  svg .clue { fill: var(--_ink); }
  svg .shade { fill: var(--_shade); }
  svg .dot { fill: var(--_right); }
  svg .lit { fill: var(--_lit); }
  svg .bulb { fill: var(--_bulb); }
  svg .bad, svg .bad-fill { fill: var(--_wrong-fill); }
  svg .bad-gap { stroke: var(--_paper); stroke-width: 2.5; }
  svg .bad-line { stroke: var(--_wrong); stroke-width: 2.5; stroke-dasharray: 5 3; }
  .ptrm-sudoku text { font-size: 24px; font-weight: 400; }
  .ptrm-sudoku .given { fill: var(--_ink); font-weight: 700; }
  .ptrm-sudoku .answer { fill: var(--_accent); }
  .ptrm-sudoku .wrong { fill: var(--_wrong); }
`

const layout: CSSResult = css`
  :host {
    display: block;
    max-inline-size: 30rem;
    color: var(--_ink);
    font: 1rem/1.4 ui-sans-serif, system-ui, sans-serif;
  }
  :host([hidden]) { display: none; }
  .board { position: relative; }
  [role='grid'] { position: absolute; display: grid; }
  [role='row'] { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; }
  [role='gridcell'] { border-radius: 3px; cursor: cell; outline: none; }
  [role='gridcell']:focus-visible, [role='gridcell']:focus { box-shadow: inset 0 0 0 3px var(--_accent); }
  :host([readonly]) [role='gridcell'] { cursor: default; }
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
