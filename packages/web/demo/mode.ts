/** What people write on the board: their own answer, or its clues. */
import type { Board } from '../src/puzzle.ts'
import type { PtrmSolver } from '../src/solver-element.ts'

export class Mode {
  readonly #solver: PtrmSolver
  readonly #inputs = [...document.querySelectorAll<HTMLInputElement>('input[name=mode]')]

  /** `changed` hears of every change by hand. */
  constructor(solver: PtrmSolver, changed: () => void) {
    this.#solver = solver
    for (const input of this.#inputs)
      input.addEventListener('change', () => {
        changed()
        this.set(input.value)
      })
  }

  set(what: string): void {
    for (const input of this.#inputs) input.checked = input.value === what
    this.#solver.play = what === 'play'
  }
}

/** Whether nothing is there to play on. */
export function isBlank({ kind, puzzle }: Board): boolean {
  return kind.toUrl(puzzle) === kind.toUrl(kind.editing.empty(kind.size(puzzle)))
}
