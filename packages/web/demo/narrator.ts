/** The narrator: what the wall shows in two lines, told anew at every turn of the run. Knows no element. */
import { isSure, type Rollout, type Rollouts } from './rollouts.ts'
import { counted, faultText } from './words.ts'

/** Two short sentences: how the try without noise fares, where that is known, and what happens now. */
export interface Telling {
  readonly alone: string
  readonly now: string
}

/** `faultsOf`: how many cells of a try's answer break a rule. */
export function narrate(rollouts: Rollouts, faultsOf: (rollout: Rollout) => number): Telling {
  const { started, planned, isOver } = rollouts
  if (started.length === 0)
    return { alone: '', now: 'One try without noise, then many with it: press Solve.' }
  const first = rollouts.get(0)
  const noisy = started.filter(({ number }) => number > 0)
  const alone = first?.done ? aloneText(first, faultsOf) : ''
  if (isOver) return { alone, now: endText(started) }
  if (noisy.length === 0) return { alone, now: alone ? '' : 'One try alone, without noise …' }
  const { done } = rollouts.tally()
  return { alone, now: done < planned ? midText(noisy, planned) : endText(started) }
}

function aloneText(alone: Rollout, faultsOf: (rollout: Rollout) => number): string {
  return alone.verified
    ? 'Alone, without noise: right.'
    : `Alone, without noise: stuck, ${faultText(faultsOf(alone))}.`
}

function midText(noisy: readonly Rollout[], planned: number): string {
  const right = noisy.filter(({ verified }) => verified)
  if (right.length === 0) return `Now ${counted(planned - 1, 'try', 'tries')} with noise …`
  const last = right.reduce((latest, other) => (other.q.length < latest.q.length ? other : latest))
  return right.length === 1
    ? `With noise: try ${last.number} escapes!`
    : `With noise: ${right.length} tries escape, try ${last.number} the latest.`
}

/** At the end: what the network is sure of, without the rules, and what the rules say of that. */
function endText(all: readonly Rollout[]): string {
  const sure = all.filter(isSure)
  if (sure.length === 0) return 'The network is sure of none.'
  const right = sure.filter(({ verified }) => verified).length
  const verdict =
    right < sure.length
      ? `${right} of them ${right === 1 ? 'is' : 'are'} right`
      : sure.length === 1
        ? 'it is right'
        : `all ${right} are right`
  return `The network is sure of ${sure.length}; ${verdict}.`
}
