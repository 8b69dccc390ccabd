/** What Prometheus is told. Rates, as steps a second, are its work: here are counters. */
import type { PoolStats, SolveRecord } from '@ptrm/orchestrator'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds: from an easy Sudoku to the longest deadline. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** How busy the service is, and what its engine has done since the start. */
export interface Load extends PoolStats {
  /** Puzzles that are accepted and not answered yet. */
  readonly depth: number
}

type Asked = readonly [name: string, help: string, of: (load: Load) => number]

const GAUGES: readonly Asked[] = [
  ['ptrm_queue_depth', 'Puzzles that are accepted and not answered yet', ({ depth }) => depth],
  ['ptrm_slots', 'Rollouts that can run at once', ({ slots }) => slots],
  ['ptrm_slots_busy', 'Rollouts that run', ({ busySlots }) => busySlots],
  ['ptrm_rollouts_waiting', 'Rollouts that wait for a slot', ({ waitingRollouts }) => waitingRollouts],
]

const COUNTERS: readonly Asked[] = [
  ['ptrm_rollouts_total', 'Rollouts that ran', ({ rollouts }) => rollouts],
  ['ptrm_steps_total', 'Deep recursion steps', ({ steps }) => steps],
  [
    'ptrm_rollouts_spared_total',
    'Rollouts that a stop rule spared; of these and ptrm_rollouts_total, their share is what it saved',
    ({ sparedRollouts }) => sparedRollouts,
  ],
]

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Histogram({
    name: 'ptrm_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, or to its first byte where that is streamed',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  })
  readonly #puzzles = new Histogram({
    name: 'ptrm_solve_duration_seconds',
    help: 'Time that a puzzle took, its waiting for workers included',
    labelNames: ['kind', 'status'],
    buckets: SECONDS,
    registers: [this.#registry],
  })
  readonly #errors = new Counter({
    name: 'ptrm_errors_total',
    help: 'Errors that callers were told, by class',
    labelNames: ['class'],
    registers: [this.#registry],
  })

  /** `now` is asked whenever metrics are. */
  constructor(now: () => Load) {
    collectDefaultMetrics({ register: this.#registry })
    for (const [name, help, of] of GAUGES) this.#asked(Gauge, name, help, () => of(now()))
    for (const [name, help, of] of COUNTERS) this.#asked(Counter, name, help, () => of(now()))
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** A request that is answered. `route` is a pattern, so that there are few. */
  answered(
    labels: { readonly method: string; readonly route: string; readonly status: number },
    ms: number,
  ): void {
    this.#requests.observe({ ...labels }, ms / 1000)
  }

  solved({ kind, status }: SolveRecord, ms: number): void {
    this.#puzzles.observe({ kind, status }, ms / 1000)
  }

  failed(errorClass: string): void {
    this.#errors.inc({ class: errorClass })
  }

  /** A metric without labels that is counted elsewhere. */
  #asked(Type: typeof Gauge | typeof Counter, name: string, help: string, value: () => number): void {
    new Type({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        this.reset()
        this.inc(value())
      },
    })
  }
}
