/** A page's module Workers for the pool. The only file of the pool that knows the page. */
import type { FromWorker, WorkerAdapter, WorkerEvents, WorkerHandle } from './protocol.ts'

/** Makes a page's worker; for pages that serve the worker's script elsewhere than beside this one. */
export type MakeWorker = () => Worker

// Literal, so that bundlers find the worker's script and move it along.
const makeDefaultWorker: MakeWorker = () =>
  new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module', name: 'ptrm' })

/** Safari tells no number of cores in its stricter modes. */
const FALLBACK_CORES = 4

/** Module Workers, by default one a core (four where the browser does not tell). */
export function browserAdapter(makeWorker: MakeWorker = makeDefaultWorker): WorkerAdapter {
  return {
    defaultWorkers: () => globalThis.navigator?.hardwareConcurrency ?? FALLBACK_CORES,
    spawn: (events) => spawn(makeWorker, events),
  }
}

const REMEDY =
  "is it served, does the policy's worker-src allow it? Where it requires Trusted Types the page has to make the worker itself: adapter: browserAdapter(() => new Worker(policy.createScriptURL(...), { type: 'module' })). esbuild and rollup leave it behind unless told: bundle @ptrm/orchestrator/browser-worker by itself and give adapter: browserAdapter(() => new Worker(...)) (docs/embedding.md)"

function spawn(makeWorker: MakeWorker, { heard, died }: WorkerEvents): WorkerHandle {
  const worker = startWorker(makeWorker)
  const die = (reason: string) => {
    // Pages, unlike Node, let a worker live on after an uncaught error; what it holds is not to be trusted then.
    worker.terminate()
    died(new Error(reason))
  }
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => heard(data))
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    die(event.message || `the worker's script can't be loaded; ${REMEDY}`)
  })
  worker.addEventListener('messageerror', () => die("a worker's message can't be read"))
  return { post: (message) => worker.postMessage(message), terminate: async () => worker.terminate() }
}

function startWorker(makeWorker: MakeWorker): Worker {
  try {
    return makeWorker()
  } catch (cause) {
    throw new Error(`the worker can't be started: ${String(cause)}; ${REMEDY}`, { cause })
  }
}
