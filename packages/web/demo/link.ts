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

/** What a field of the link may be, in words. */
const WANTED: Readonly<Record<string, string>> = {
  k: 'a number of tries from 1 to 256',
  d: 'a number of steps from 1 to 64',
  s: `noise from 0 to ${MOST_SIGMA}`,
  seed: 'a seed, a whole number from 0 to 2⁶⁴ − 1',
  to: NOISE_TARGETS.join(', '),
}

/** What the fragment says; fields that are missing or out of range are left out. */
export function fromFragment(fragment: string): Partial<Shared> {
  const fields = fieldsOf(fragment)
  const puzzle = fields.get('p')
  if (!puzzle) return {}
  return {
    puzzle: /^[a-z]+\/\d+\/\d+\//.test(puzzle) ? SITE + puzzle : puzzle,
    ...planOf(fields),
    stop: fields.get('stop') === '1',
  }
}

/** What of the fragment was left out as it is out of range, for people: one sentence, or nothing. */
export function faultOf(fragment: string): string {
  const fields = fieldsOf(fragment)
  if (!fields.get('p')) return ''
  const read = planOf(fields)
  const names = { k: 'rollouts', d: 'steps', s: 'sigma', seed: 'seed', to: 'noiseTarget' } as const
  const bad = Object.entries(names).filter(([field, name]) => fields.has(field) && read[name] === undefined)
  if (bad.length === 0) return ''
  const which = bad.map(([field]) => `${field}=${fields.get(field)!.slice(0, 24)} (wanted: ${WANTED[field]})`)
  return `The link says ${which.join(' and ')}; the model’s own value is used instead.`
}

function fieldsOf(fragment: string): URLSearchParams {
  return new URLSearchParams(fragment.replace(/^#/, ''))
}

function planOf(fields: URLSearchParams): Partial<Omit<Shared, 'puzzle' | 'stop'>> {
  const rollouts = number(fields.get('k'), 1, 256, Number.isInteger)
  const steps = number(fields.get('d'), 1, 64, Number.isInteger)
  const sigma = number(fields.get('s'), 0, MOST_SIGMA)
  const seed = fields.get('seed')
  const noiseTarget = NOISE_TARGETS.find((target) => target === fields.get('to'))
  return {
    ...(rollouts !== undefined && { rollouts }),
    ...(steps !== undefined && { steps }),
    ...(sigma !== undefined && { sigma }),
    ...(isSeed(seed) && { seed: BigInt(seed) }),
    ...(noiseTarget && { noiseTarget }),
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
  const value = text?.trim() ? Number(text) : Number.NaN
  return fits(value) && value >= least && value <= most ? value : undefined
}
