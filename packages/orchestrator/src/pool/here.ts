/**
 * Workers that are none: they live in the thread of their pool, for runtimes that have no other thread, for programs that have
 * nothing else to do, and for those that would rather wait for a step than start a thread. A turn of the thread's event loop
 * makes one step at most; whatever else the thread does goes on between two of them. Knows no platform.
 */
import type { Engine } from '../engines/engine.ts'
import type { WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'
import { openTurns } from './turns.ts'
import { type MakeEngine, type SteppedWorker, steppedWorker, wasmEngine } from './worker.ts'

/** An adapter whose workers are all in this thread. */
export function hereAdapter(makeEngine: MakeEngine = wasmEngine): WorkerAdapter {
  const here = new Here(makeEngine)
  return {
    defaultWorkers: () => 1,
    spawn: (events) => here.spawn(events),
    attend: (over) => here.attend(over),
  }
}

/** The workers of one pool in this thread. */
export class Here {
  readonly #makeEngine: MakeEngine
  /** They take turns: the first makes the next step. */
  readonly #workers = new Set<SteppedWorker>()
  /** Made so far. */
  #steps = 0
  /** The step that is under way, for engines that take several turns for one. */
  #step: Promise<void> | undefined
  /** Those who attend and found nothing to do. */
  #idle: (() => void)[] = []

  constructor(makeEngine: MakeEngine) {
    this.#makeEngine = makeEngine
  }

  /** Its engines are freed with it. `makeWorker`: another than the pool's own is for tests. */
  spawn(
    { heard }: Pick<WorkerEvents, 'heard'>,
    makeWorker: typeof steppedWorker = steppedWorker,
  ): WorkerHandle {
    const engines = new Set<Engine>()
    let isGone = false
    const worker = makeWorker({
      post: (message) => {
        queueMicrotask(() => {
          if (!isGone) heard(message)
        })
      },
      makeEngine: async (source, modelBytes) => {
        const engine = await this.#makeEngine(source, modelBytes)
        if (isGone) engine.close()
        else keepUntilClosed(engines, engine)
        return engine
      },
    })
    this.#workers.add(worker)
    return {
      // Later, as the pool may be in the middle of what it does.
      post: (message) => {
        queueMicrotask(() => {
          if (isGone) return
          worker.hear(message)
          if (message.type === 'run') for (const wake of this.#idle.splice(0)) wake()
        })
      },
      terminate: async () => {
        isGone = true
        this.#workers.delete(worker)
        for (const engine of engines) engine.close()
      },
    }
  }

  /**
   * Makes steps, whose ever they are, until `over` is settled. Each caller who waits does so by himself, as in workerd a turn
   * belongs to a request, and ends with it: nobody may rely on another's turns. Of those who attend in one turn of the loop
   * only the first makes a step.
   */
  async attend(over: Promise<unknown>): Promise<void> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    const ended = over.then(end, end)
    const turns = openTurns()
    while (!isOver) {
      const seen = this.#steps
      await turns.next()
      if (seen !== this.#steps || isOver) continue
      await (this.#next() ?? Promise.race([ended, this.#work()]))
    }
    turns.close()
  }

  /** A step of the worker whose turn it is; undefined where none has anything to do. */
  #next(): Promise<void> | undefined {
    if (this.#step) return this.#step
    for (const worker of this.#workers) {
      const step = worker.step()
      if (!step) continue
      this.#steps += 1
      this.#workers.delete(worker)
      this.#workers.add(worker)
      this.#step = step.finally(() => {
        this.#step = undefined
      })
      return this.#step
    }
    return undefined
  }

  /** Resolves when a worker is told to run something. */
  #work(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve))
  }
}

/** A pool may outlive any number of models, so it must let go of their engines. */
function keepUntilClosed(engines: Set<Engine>, engine: Engine): void {
  engines.add(engine)
  const close = engine.close.bind(engine)
  engine.close = () => {
    engines.delete(engine)
    close()
  }
}
