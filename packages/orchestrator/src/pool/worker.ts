/** The body of a worker, the same on every platform: one engine, one run at a time, deaf for one step at most. */
import { instantiateKernel, type KernelSource } from '@ptrm/core-wasm'
import { kindNamed } from '@ptrm/puzzles'
import type { Engine } from '../engines/engine.ts'
import { WasmEngine } from '../engines/wasm/engine.ts'
import { openModel } from '../model.ts'
import { runRollouts } from '../rollouts/run.ts'
import { toThrown } from './error-transfer.ts'
import type { FromWorker, ToWorker, WorkerJob } from './protocol.ts'

/** Makes a worker's engine, once. */
export type MakeEngine = (source: KernelSource, modelBytes: Uint8Array) => Promise<Engine>

const wasmEngine: MakeEngine = async (source, modelBytes) =>
  new WasmEngine(await instantiateKernel(source), openModel(modelBytes))

/** What a worker stands on. */
export interface WorkerGround {
  post(message: FromWorker): void
  /** Lets messages in; resolves as soon as they are handled. */
  pause(): Promise<void>
  /** Default: the WASM kernel. */
  readonly makeEngine?: MakeEngine | undefined
}

/** Makes a worker; what it returns takes the pool's messages. */
export function workerBody({
  post,
  pause,
  makeEngine = wasmEngine,
}: WorkerGround): (message: ToWorker) => void {
  let engine: Engine | undefined
  let running: { readonly run: number; below: number } | undefined

  const load = async (source: KernelSource, modelBytes: Uint8Array) => {
    try {
      engine = await makeEngine(source, modelBytes)
    } catch (error) {
      post({ type: 'not-loaded', thrown: toThrown(error) })
      return
    }
    post({ type: 'loaded' })
  }

  const run = async (number: number, job: WorkerJob, steps: boolean) => {
    const own = { run: number, below: Number.POSITIVE_INFINITY }
    running = own
    let outcome: FromWorker = { type: 'done', run: number }
    try {
      if (!engine) throw new Error('run before load')
      const kind = kindNamed(job.kind)
      await runRollouts(engine, job, {
        canonical: (tokens) => kind.canonical(job.puzzle, tokens),
        verify: (tokens) => kind.isSolved(job.puzzle, kind.decode(job.puzzle, tokens)),
        emit: steps ? (event) => post({ type: 'step', run: number, event }) : undefined,
        onFound: (found) => post({ type: 'found', run: number, found }),
        below: () => own.below,
        pause,
      })
    } catch (error) {
      outcome = { type: 'failed', run: number, thrown: toThrown(error) }
    }
    running = undefined
    post(outcome)
  }

  return (message) => {
    if (message.type === 'load') void load(message.kernel, message.modelBytes)
    else if (message.type === 'run') void run(message.run, message.job, message.steps)
    else if (running?.run === message.run) running.below = Math.min(running.below, message.from)
  }
}
