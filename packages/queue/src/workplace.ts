/** Where jobs of a run's part are done, and how the record of a puzzle is kept there. */
import {
  makePlan,
  type Plan,
  type PlanOptions,
  recordOf,
  refusalRecordOf,
  type SolveOptions,
  type SolveResult,
} from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import type { Redis } from 'ioredis'
import type { Engine } from './engines.ts'
import type { RunKeys } from './keys.ts'
import { pack } from './packing.ts'
import { keepRecord, type Outcome } from './redis.ts'
import type { Layout, Run } from './spec.ts'

export interface Workplace {
  readonly redis: Redis
  readonly keys: RunKeys
  readonly run: Run
  readonly layout: Layout
  readonly engine: Engine
  /** Called for every record kept. */
  readonly onKept: () => void
}

/** The run's plan whole, as its model has it. */
export function planOf({ run, engine }: Workplace): Plan {
  return makePlan(planOptions(run), engine.model.recommended)
}

/** What every puzzle of the run is solved with. */
export function solveOptions({ run }: Workplace): SolveOptions {
  // Runs that share a pool have fair shares of it.
  return { ...planOptions(run), select: run.spec.select, client: run.name }
}

function planOptions({ spec: { plan } }: Run): PlanOptions {
  return { ...plan, seed: plan.seed === undefined ? undefined : BigInt(plan.seed) }
}

/** Keeps what a puzzle came to, unless there is a record of it. */
export async function keepResult(
  place: Workplace,
  index: number,
  found: Found,
  result: SolveResult,
): Promise<void> {
  const { run, engine } = place
  const record = recordOf(found, result, { select: run.spec.select, backend: engine.backend })
  await keep(place, index, record, result.status)
}

/** Keeps why no rollout can be run for a puzzle. */
export async function keepRefusal(
  place: Workplace,
  index: number,
  found: Found,
  error: Error,
): Promise<void> {
  await keep(place, index, refusalRecordOf(error, found), 'bad-input')
}

async function keep(
  { redis, keys, onKept }: Workplace,
  index: number,
  record: object,
  outcome: Outcome,
): Promise<void> {
  if (await keepRecord(redis, keys, index, pack(record), outcome)) onKept()
}
