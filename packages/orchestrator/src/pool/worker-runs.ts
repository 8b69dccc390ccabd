/**
 * All that a worker runs, between two steps of its engines: the rollouts of several jobs share an engine's slots, and
 * each model has an engine of its own. It waits for nothing; `worker.ts` makes the steps.
 */
import { kindNamed } from '@ptrm/puzzles'
import type { Engine, StepOutput, StepRequest } from '../engines/engine.ts'
import { isDue, RolloutLoop, type RunHooks } from '../rollouts/run.ts'
import { FreeSlots } from '../rollouts/slots.ts'
import { toThrown } from './error-transfer.ts'
import type { FromWorker, ToWorker, WorkerJob } from './protocol.ts'

/** What the rules say of a job's tokens. */
export type Judge = (job: WorkerJob) => Pick<RunHooks, 'canonical' | 'verify'>

/** One step of one engine, for all slots that are busy. */
export interface DueStep {
  readonly model: number
  readonly engine: Engine
  readonly requests: readonly StepRequest[]
}

/** What one run asks of a due step. */
export interface Share extends DueStep {
  readonly run: number
}

interface Opened {
  readonly engine: Engine
  readonly free: FreeSlots
  /** Of its runs, by number. */
  readonly runs: Map<number, OpenRun>
}

interface OpenRun {
  readonly loop: RolloutLoop
  below: number
  /** How many of the due step's requests are its own; the runs' requests lie in the order of the runs. */
  asked: number
}

const byKind: Judge = ({ kind: name, puzzle }) => {
  const kind = kindNamed(name)
  return {
    canonical: (tokens) => kind.canonical(puzzle, tokens),
    verify: (tokens) => kind.isSolved(puzzle, kind.decode(puzzle, tokens)),
  }
}

export class WorkerRuns {
  readonly #post: (message: FromWorker) => void
  readonly #judge: Judge
  readonly #models = new Map<number, Opened>()
  /** Models whose engine is closed before the next step. */
  readonly #leaving = new Set<number>()

  constructor(post: (message: FromWorker) => void, judge: Judge = byKind) {
    this.#post = post
    this.#judge = judge
  }

  open(model: number, engine: Engine): void {
    this.#models.set(model, { engine, free: new FreeSlots(engine.slots), runs: new Map() })
  }

  /** By the next `due`, as a step of it may be under way: then its runs are over. */
  close(model: number): void {
    this.#leaving.add(model)
  }

  start({ run, model, job, steps }: Extract<ToWorker, { type: 'run' }>): void {
    const opened = this.#models.get(model)
    if (!opened || this.#leaving.has(model)) {
      this.#post({ type: 'failed', run, thrown: toThrown(new Error('run before load')) })
      return
    }
    this.#guard(run, opened, () => {
      const open: OpenRun = {
        loop: new RolloutLoop(
          opened.engine,
          job,
          {
            ...this.#judge(job),
            emit: steps ? (event) => this.#post({ type: 'step', run, event }) : undefined,
            onFound: (found) => this.#post({ type: 'found', run, found }),
            below: () => open.below,
          },
          opened.free,
        ),
        below: Number.POSITIVE_INFINITY,
        asked: 0,
      }
      opened.runs.set(run, open)
    })
  }

  /** Rollouts of the run from this number on are no longer wanted. */
  end(run: number, from: number): void {
    for (const { runs } of this.#models.values()) {
      const open = runs.get(run)
      if (open) open.below = Math.min(open.below, from)
    }
  }

  /**
   * Ends runs that are over, fills slots, and says which step is to be made next: engines take turns. Undefined where nothing
   * is left to run.
   */
  due(): DueStep | undefined {
    this.#leave()
    for (const [model, opened] of [...this.#models]) {
      const requests = this.#requestsOf(opened)
      if (requests.length === 0) continue
      // Its turn is over: it goes behind the others.
      this.#models.delete(model)
      this.#models.set(model, opened)
      return { model, engine: opened.engine, requests }
    }
    return undefined
  }

  /** Ends runs that are over, as `due` does, where no step may ever be due again. */
  tidy(): void {
    this.#leave()
    for (const opened of this.#models.values()) this.#requestsOf(opened)
  }

  /** A due step by the runs that have a part in it. */
  shares({ model, engine, requests }: DueStep): Share[] {
    let at = 0
    return [...this.#models.get(model)!.runs].flatMap(([run, { asked }]) => {
      const own = requests.slice(at, at + asked)
      at += asked
      return asked > 0 ? [{ model, engine, run, requests: own }] : []
    })
  }

  /** What a due step, or a share of one, came to: an output for each request, in the same order. */
  book(due: DueStep | Share, outputs: readonly StepOutput[]): void {
    const opened = this.#models.get(due.model)!
    let at = 0
    for (const { run, requests } of 'run' in due ? [due] : this.shares(due)) {
      const own = outputs.slice(at, at + requests.length)
      at += requests.length
      this.#guard(run, opened, () => opened.runs.get(run)!.loop.book(own))
    }
  }

  /** A share was not to be had: its run fails. */
  fail({ model, run }: Share, error: unknown): void {
    this.#fail(run, this.#models.get(model)!, error)
  }

  #leave(): void {
    for (const model of this.#leaving) {
      const opened = this.#models.get(model)
      this.#models.delete(model)
      opened?.engine.close()
      for (const run of opened?.runs.keys() ?? []) this.#post({ type: 'done', run })
    }
    this.#leaving.clear()
  }

  #requestsOf(opened: Opened): StepRequest[] {
    const { runs, engine } = opened
    const requests: StepRequest[] = []
    const own = new Map<OpenRun, readonly StepRequest[]>()
    for (const [run, open] of [...runs])
      this.#guard(run, opened, () => {
        if (!open.loop.fillSlots()) {
          runs.delete(run)
          this.#post({ type: 'done', run })
          return
        }
        own.set(open, open.loop.requests())
        requests.push(...own.get(open)!)
      })
    const due = isDue(engine, requests)
    return [...own].flatMap(([open, all]) => {
      const asked = all.filter(due)
      open.asked = asked.length
      return asked
    })
  }

  /** What is thrown by a run's own board, or by the rules of its kind, fails that run and no other. */
  #guard(run: number, opened: Opened, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(run, opened, error)
    }
  }

  #fail(run: number, { runs }: Opened, error: unknown): void {
    runs.get(run)?.loop.release()
    runs.delete(run)
    this.#post({ type: 'failed', run, thrown: toThrown(error) })
  }
}
