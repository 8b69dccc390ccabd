/** Solvers that the elements of a page share: one set of workers for all, one model for each kind. Knows no element. */
import { createPool, createSolver, type Solver, type WasmUrl } from '@ptrm/orchestrator/browser'
import { type Share, Shared } from './shared.ts'

/** What a solver is made of; elements that say the same share it, and those that say the same of the workers share these. */
export interface SolverSource {
  readonly model: string
  readonly modelUrl: string | undefined
  readonly wasmUrl: WasmUrl | undefined
  readonly workers: number | undefined
}

type Pool = Awaited<ReturnType<typeof createPool>>

const pools = new Shared<Pool>()
const solvers = new Shared<{ readonly solver: Solver; close(): Promise<void> }>()

/** A solver that is there until it is left. */
export interface HeldSolver {
  /** Rejects as `createSolver` does. */
  readonly solver: Promise<Solver>
  leave(): void
}

/** One element's place among those that share a solver. */
export class SharedSolver {
  #key: string | undefined
  #share: Share<{ readonly solver: Solver }> | undefined

  /**
   * Made when first asked for; the element's place moves to another when `source` changes, while whoever holds the former
   * still has it. What could not be made is tried again at the next call.
   */
  hold(source: SolverSource): HeldSolver {
    // URLs are written as text.
    const key = JSON.stringify(source)
    const held = solvers.take(key, () => make(source))
    if (key !== this.#key || this.#share?.isLost) {
      // The other first, so that workers that both stand on live on.
      const before = this.#share
      this.#share = solvers.take(key, () => make(source))
      this.#key = key
      before?.leave()
    }
    return { solver: held.made.then(({ solver }) => solver), leave: () => held.leave() }
  }

  /** Whoever leaves last ends the workers. */
  leave(): void {
    this.#share?.leave()
    this.#share = undefined
    this.#key = undefined
  }
}

async function make({ model, modelUrl, wasmUrl, workers }: SolverSource) {
  const place = pools.take(JSON.stringify({ wasmUrl, workers }), () => createPool({ wasmUrl, workers }))
  try {
    const solver = await createSolver({ model, modelUrl, pool: await place.made })
    const close = async () => {
      await solver.close()
      place.leave()
    }
    return { solver, close }
  } catch (error) {
    place.leave()
    throw error
  }
}
