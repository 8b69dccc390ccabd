/** A solver kept for one element: made when first asked for, remade when what it is made of changes. */
import { type CreateSolverOptions, createSolver, type Solver } from '@ptrm/orchestrator/browser'

export class OwnSolver {
  #madeOf: CreateSolverOptions | undefined
  #solver: Promise<Solver> | undefined

  /** Rejects as `createSolver` does; the next call then tries again. */
  get(options: CreateSolverOptions): Promise<Solver> {
    if (this.#solver && this.#madeOf && isSame(this.#madeOf, options)) return this.#solver
    this.close()
    const solver = createSolver(options)
    this.#solver = solver
    this.#madeOf = options
    solver.catch(() => {
      if (this.#solver === solver) this.#solver = undefined
    })
    return solver
  }

  /** Ends the workers; running calls reject. */
  close(): void {
    const solver = this.#solver
    this.#solver = undefined
    // One that could not be made has nothing to close.
    solver?.then(
      (made) => made.close(),
      () => {},
    )
  }
}

function isSame(one: CreateSolverOptions, other: CreateSolverOptions): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof CreateSolverOptions>
  return [...names].every((name) => one[name] === other[name])
}
