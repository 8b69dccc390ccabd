/** The share link: puzzle and plan in the page's fragment, so that a link shows what its sender saw. */
import { NOISE_TARGETS, type NoiseTarget } from '@ptrm/orchestrator/browser'

export interface Shared {
  /** A puzzle in any notation. */
  readonly puzzle: string
  /** K. */
  readonly rollouts: number
  /** D. */
  readonly steps: number
  readonly sigma: number
  readonly seed: bigint
  readonly noiseTarget: NoiseTarget
  /** Stop at the first right answer. */
  readonly stop: boolean
}

const SITE = 'https://puzz.link/p?'

/** The largest sigma that the page takes. */
export const MOST_SIGMA = 2

export function toFragment(shared: Shared): string {
  const { puzzle, rollouts, steps, sigma, seed, noiseTarget, stop } = shared
  const fields = new URLSearchParams({
    p: puzzle.startsWith(SITE) ? puzzle.slice(SITE.length) : puzzle,
    k: String(rollouts),
    d: String(steps),
    s: String(sigma),
    seed: String(seed),
    to: noiseTarget,
    ...(stop && { stop: '1' }),
  })
  return `#${fields}`.replaceAll('%2F', '/')
}

/** What the fragment says; fields that are missing or out of range are left out. */
export function fromFragment(fragment: string): Partial<Shared> {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const puzzle = fields.get('p')
  if (!puzzle) return {}
  const rollouts = number(fields.get('k'), 1, 256, Number.isInteger)
  const steps = number(fields.get('d'), 1, 64, Number.isInteger)
  const sigma = number(fields.get('s'), 0, MOST_SIGMA)
  const seed = fields.get('seed')
  const noiseTarget = NOISE_TARGETS.find((target) => target === fields.get('to'))
  return {
    puzzle: /^[a-z]+\/\d+\/\d+\//.test(puzzle) ? SITE + puzzle : puzzle,
    ...(rollouts !== undefined && { rollouts }),
    ...(steps !== undefined && { steps }),
    ...(sigma !== undefined && { sigma }),
    ...(isSeed(seed) && { seed: BigInt(seed) }),
    ...(noiseTarget && { noiseTarget }),
    stop: fields.get('stop') === '1',
  }
}

/** Whether the text is an unsigned 64-bit number. */
export function isSeed(text: string | null): text is string {
  return text !== null && /^\d{1,20}$/.test(text) && BigInt(text) < 1n << 64n
}

function number(
  text: string | null,
  least: number,
  most: number,
  fits = Number.isFinite,
): number | undefined {
  const value = Number(text ?? Number.NaN)
  return fits(value) && value >= least && value <= most ? value : undefined
}
