/** `@ptrm/models`: the bundled weights and where they lie. Data only; loading them is the orchestrator's work. */

/** Rows and columns of a board. */
export interface BoardSize {
  readonly rows: number
  readonly cols: number
}

/** A model that comes with the package. */
export interface BundledModel {
  readonly name: string
  /** The puzzle kind it solves. */
  readonly kind: string
  readonly summary: string
  /** The largest board that it takes; missing: any that the kind has. */
  readonly largest?: BoardSize
  /** safetensors with the config under the metadata key `ptrm`. */
  readonly weights: URL
  /** Model card: data, recipe, figures. Markdown. */
  readonly card: URL
}

// The URLs are literal, so that bundlers find the files and move them along; and made when asked for, as bundles in formats
// without `import.meta` can't make them, and need none where the page names files of its own.
export const bundledModels: readonly BundledModel[] = [
  {
    name: 'sudoku-2',
    kind: 'sudoku',
    largest: { rows: 9, cols: 9 },
    summary: '9x9 Sudoku, TRM-MLP of 27,609 free weights (d=128, 2 blocks), trained three hours on a CPU',
    get weights() {
      return new URL('../weights/sudoku-2/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/sudoku-2/card.md', import.meta.url)
    },
  },
  {
    name: 'lightup-3',
    kind: 'lightup',
    summary:
      'Light Up, TRM-MLP of 76,865 free weights (d=64, 2 blocks), boards of any size, trained two hours on one CPU core and six minutes on a GPU, the last on boards like people’s',
    get weights() {
      return new URL('../weights/lightup-3/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/lightup-3/card.md', import.meta.url)
    },
  },
  {
    name: 'tapa-5',
    kind: 'tapa',
    summary:
      'Tapa, TRM-MLP of 79,169 free weights (d=64, 2 blocks), boards of any size, trained within six hours on one CPU core and five minutes on a GPU, on boards like people’s',
    get weights() {
      return new URL('../weights/tapa-5/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/tapa-5/card.md', import.meta.url)
    },
  },
  {
    name: 'shakashaka-3',
    kind: 'shakashaka',
    summary:
      'Shakashaka, TRM-MLP of 77,441 free weights (d=64, 2 blocks), boards of any size, trained an hour on one CPU core and five minutes on a GPU, the last on boards like people’s',
    get weights() {
      return new URL('../weights/shakashaka-3/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/shakashaka-3/card.md', import.meta.url)
    },
  },
  {
    name: 'heyawake-2',
    kind: 'heyawake',
    largest: { rows: 10, cols: 10 },
    summary:
      'Heyawake up to 10x10, TRM-Att of 488,962 weights (d=128, 2 blocks), trained eight minutes on a GPU',
    get weights() {
      return new URL('../weights/heyawake-2/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/heyawake-2/card.md', import.meta.url)
    },
  },
  {
    name: 'heyawake-3',
    kind: 'heyawake',
    summary:
      'Heyawake beyond 10x10, of 108,606 free weights that see rooms (d=64, 2 blocks), boards of any size, trained four hours on two CPU cores, on boards like people’s',
    get weights() {
      return new URL('../weights/heyawake-3/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/heyawake-3/card.md', import.meta.url)
    },
  },
  {
    name: 'nurikabe-5',
    kind: 'nurikabe',
    summary:
      'Nurikabe, TRM-MLP of 80,321 free weights (d=64, 2 blocks), boards of any size, trained within four hours on one CPU core and ten minutes on a GPU, the last on boards like people’s',
    get weights() {
      return new URL('../weights/nurikabe-5/model.safetensors', import.meta.url)
    },
    get card() {
      return new URL('../weights/nurikabe-5/card.md', import.meta.url)
    },
  },
]

/**
 * The model of this name, or else the default one for the kind of this name: the first that takes boards of this size, or
 * the first of all where none does.
 */
export function bundledModel(nameOrKind: string, size?: BoardSize): BundledModel | undefined {
  return modelAmong(bundledModels, nameOrKind, size)
}

/** What of a model tells which puzzles it is for. */
export interface ModelOfBoards {
  readonly name: string
  readonly kind: string
  readonly largest?: BoardSize | undefined
}

/** `bundledModel` among other models, in their order. */
export function modelAmong<M extends ModelOfBoards>(
  models: readonly M[],
  nameOrKind: string,
  size?: BoardSize,
): M | undefined {
  const named = models.find(({ name }) => name === nameOrKind)
  if (named) return named
  const ofKind = models.filter(({ kind }) => kind === nameOrKind)
  return (size && ofKind.find((model) => takesBoard(model, size))) ?? ofKind[0]
}

/** Whether a model takes boards of this size, by what is said of it. */
export function takesBoard({ largest }: Pick<ModelOfBoards, 'largest'>, { rows, cols }: BoardSize): boolean {
  return !largest || (rows <= largest.rows && cols <= largest.cols)
}
