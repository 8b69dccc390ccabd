/** An engine whose steps take no time, for tests of what is around it. */
import type { Engine } from '../src/engines/engine.ts'

/** Every answer is the board itself; q rises with the step, and from rollout to rollout. */
export function quickEngine(slots = 1): Engine {
  const boards: Uint8Array[] = []
  return {
    slots,
    start: (slot, { tokens }) => {
      boards[slot] = tokens
    },
    step: (requests) =>
      requests.map(({ slot, rollout, step }) => ({ slot, tokens: boards[slot]!.slice(), q: rollout + step })),
    close() {},
  }
}
