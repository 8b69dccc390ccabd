/** `@ptrm/models`: the bundled weights and where they lie. Data only; loading them is the orchestrator's work. */

export interface BundledModel {
  readonly name: string
  /** The puzzle kind it solves. */
  readonly kind: string
  readonly summary: string
  /** safetensors with the config under the metadata key `ptrm`. */
  readonly weights: URL
  /** Model card: data, recipe, figures. Markdown. */
  readonly card: URL
}

// The URLs are literal, so that bundlers find the files and move them along.
export const bundledModels: readonly BundledModel[] = [
  {
    name: 'sudoku-2',
    kind: 'sudoku',
    summary:
      '9x9 Sudoku, TRM-MLP of 424,066 weights (d=128, 2 blocks): sudoku-small trained two hours more on one core',
    weights: new URL('../weights/sudoku-2/model.safetensors', import.meta.url),
    card: new URL('../weights/sudoku-2/card.md', import.meta.url),
  },
  {
    name: 'sudoku-small',
    kind: 'sudoku',
    summary: '9x9 Sudoku, TRM-MLP of 424,066 weights (d=128, 2 blocks), trained 62 minutes on two CPU cores',
    weights: new URL('../weights/sudoku-small/model.safetensors', import.meta.url),
    card: new URL('../weights/sudoku-small/card.md', import.meta.url),
  },
]

/** The model of this name, or else the default (first) model for the kind of this name. */
export function bundledModel(nameOrKind: string): BundledModel | undefined {
  return bundledModels.find((m) => m.name === nameOrKind) ?? bundledModels.find((m) => m.kind === nameOrKind)
}
