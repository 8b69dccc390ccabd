/** What `results.json` must hold for its figures to be drawn. */
import {
  type Check,
  either,
  has,
  isListOf,
  isNull,
  isNumber,
  isSomeOf,
  isText,
  isWhole,
  wrongField,
} from '../checks.ts'
import type { CalibrationBin, Estimate } from '../metrics/index.ts'
import type { Replay } from './replay.ts'
import { type AtK, type Escapes, type Group, type Results, SELECTIONS } from './results.ts'

/**
 * What keeps a value from being results that can be drawn: the first field that is wrong. Undefined where nothing does.
 * `judged`: whether the run has puzzles with solutions, without which there are no figures of accuracy.
 */
export function wrongInResults(value: unknown, judged: boolean): string | undefined {
  // A group's own puzzles may all lack solutions; the first group is of all.
  const isGroups: Check = (groups) =>
    isSomeOf(isGroup(false))(groups) && isGroup(judged)((groups as unknown[])[0])
  return wrongField<Pick<Results, 'groups' | 'stops'>>(value, { groups: isGroups, stops: isListOf(isReplay) })
}

/** Figures that need solutions are null without. */
function isGroup(judged: boolean): Check {
  const known = (check: Check) => (judged ? check : either(isNull, check))
  return has<Omit<Group, 'firstRight'>>({
    group: isText,
    puzzles: isWhole(1),
    plain: known(isEstimate),
    atK: isSomeOf(isAtK),
    qHead: known(isQHead),
    escapes: known(isEscapes),
  })
}

const isEstimate = has<Estimate>({ share: isNumber, low: isNumber, high: isNumber, of: isWhole(0) })

/** A number that may be none, which JSON writes as null. */
const isPerhaps = either(isNull, isNumber)

const isAtK = has<Pick<AtK, 'k' | 'solved' | 'netCalls'>>({
  k: isWhole(1),
  solved: (solved) => SELECTIONS.every((name) => perhapsEstimate((solved as AtK['solved'] | null)?.[name])),
  netCalls: has<AtK['netCalls']>({ fixed: isNumber, untilVerified: isNumber }),
})

const isQHead = has<NonNullable<Group['qHead']>>({
  auroc: isPerhaps,
  aurocWithinPuzzles: isPerhaps,
  ece: isNumber,
  brier: isNumber,
  bins: isListOf(
    has<CalibrationBin>({
      from: isNumber,
      to: isNumber,
      rollouts: isWhole(0),
      predicted: isPerhaps,
      observed: isPerhaps,
    }),
  ),
})

const isEscapes = has<Escapes>({
  puzzles: isWhole(0),
  escaped: isWhole(0),
  rolloutsRight: isListOf(
    has<Escapes['rolloutsRight'][number]>({ id: isText, right: isWhole(0), of: isWhole(1) }),
  ),
})

const isReplay = has<Pick<Replay, 'stop' | 'select' | 'solved' | 'fixed' | 'netCalls' | 'saving'>>({
  stop: isText,
  select: isText,
  solved: isEstimate,
  fixed: isEstimate,
  netCalls: isNumber,
  saving: has<Replay['saving']>({ times: isNumber, interval: isListOf(isNumber, 2) }),
})

function perhapsEstimate(value: unknown): boolean {
  return value === null || isEstimate(value)
}
