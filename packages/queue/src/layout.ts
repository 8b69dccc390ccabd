/** How puzzles are cut into jobs of seconds: enough that messages cost nothing, few enough that a lost machine costs little. */
import { stepCost } from '@ptrm/core-wasm'
import { loadModel, makePlan, type Plan, type PlanOptions } from '@ptrm/orchestrator'
import type { Layout } from './spec.ts'

/** Operations a second of a core, about; workers may be ten times faster or slower, and jobs are still of seconds. */
const SPEED = 2e10

/** Rollouts that a puzzle takes where a right answer ends it. */
const TYPICAL_ROLLOUTS = 4

/** Puzzles a job, at most. */
const MOST_PUZZLES = 256

/** How many jobs the rollouts of a puzzle must be worth to be split. */
const SPLIT_FROM = 8

/**
 * The layout of a part's puzzles for jobs of about `seconds` on one core. The rollouts of a puzzle are split where all K of
 * them take long, and where the stop rule looks at one rollout alone.
 */
export async function layoutOf(model: string, options: PlanOptions, seconds: number): Promise<Layout> {
  const { model: opened } = await loadModel(model)
  const plan = makePlan(options, opened.recommended)
  const rolloutSeconds = (plan.steps * stepCost(opened).flops) / SPEED
  const each = plan.stop === 'all' ? plan.rollouts : Math.min(plan.rollouts, TYPICAL_ROLLOUTS)
  const whole = plan.rollouts * rolloutSeconds < SPLIT_FROM * seconds || !isSplittable(plan)
  const range = whole ? plan.rollouts : Math.max(1, Math.round(seconds / rolloutSeconds))
  const puzzles = Math.round(seconds / (Math.min(each, range) * rolloutSeconds))
  return { puzzles: Math.min(MOST_PUZZLES, Math.max(1, puzzles)), rollouts: plan.rollouts, range }
}

/** Whether ranges may be run by themselves: not where the rule counts how many agree, as a range does not know those before it. */
export function isSplittable({ stop }: Pick<Plan, 'stop'>): boolean {
  return typeof stop !== 'object' || 'qAbove' in stop || stop.adaptive.until === 'verified'
}

/** A job: these puzzles by their places, these rollouts of each. */
export interface Task {
  readonly puzzles: readonly number[]
  readonly from: number
  /** The first rollout that is not the job's. */
  readonly to: number
}

/**
 * The jobs of a part's puzzles, each with an id of its own: the first rollouts of all puzzles before the next of any, since
 * most puzzles need no more.
 */
export function* tasksOf(
  places: readonly number[],
  { puzzles, rollouts, range }: Layout,
): Generator<[string, Task]> {
  for (let from = 0; from < rollouts; from += range)
    for (let at = 0; at < places.length; at += puzzles) {
      const task = { puzzles: places.slice(at, at + puzzles), from, to: Math.min(from + range, rollouts) }
      yield [`p${task.puzzles[0]}-r${from}`, task]
    }
}
