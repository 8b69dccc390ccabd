/**
 * Puzzles whose rollouts are spread over jobs. What counts is as if one machine had run rollout after rollout: the stop rule
 * fires in the first range in which it does by number, not by time; ranges behind it do not count and need not run.
 */
import type { Candidate, Plan, SolveResult } from '@ptrm/orchestrator'
import type { Found } from '@ptrm/puzzles/node'
import type { Task } from './layout.ts'
import { pack, unpack } from './packing.ts'
import { lastWantedOf, markStop, setFields } from './redis.ts'
import { keepResult, planOf, solveOptions, type Workplace } from './workplace.ts'

/** Milliseconds between two looks for puzzles whose other rollouts are no longer wanted. */
const LOOK_MS = 250

/** What one range came to. */
export interface Part {
  readonly candidates: readonly Candidate[]
  /** Whether the stop rule fired in it. */
  readonly stops: boolean
  /** Wall time, milliseconds. */
  readonly ms: number
}

/** What the parts of a puzzle come to, in the order of their ranges; undefined while one that counts is missing. */
export function joined(
  parts: readonly (Part | undefined)[],
): (Omit<Part, 'stops'> & Pick<SolveResult, 'stoppedBy'>) | undefined {
  const last = parts.findIndex((part) => part === undefined || part.stops)
  const counted = last < 0 ? parts : parts.slice(0, last + 1)
  const there = counted.filter((part) => part !== undefined)
  if (there.length < counted.length) return undefined
  return {
    candidates: there.flatMap(({ candidates }) => candidates),
    stoppedBy: last < 0 ? 'end' : 'rule',
    ms: there.reduce((sum, { ms }) => sum + ms, 0),
  }
}

/** The puzzles of a job of one range; closed by its maker. */
export class RangeTask {
  readonly #place: Workplace
  readonly #task: Task
  readonly #plan: Plan
  /** Those under way, by place. */
  readonly #running = new Map<number, AbortController>()
  readonly #timer: NodeJS.Timeout

  constructor(place: Workplace, task: Task) {
    this.#place = place
    this.#task = task
    this.#plan = planOf(place)
    this.#timer = setInterval(() => void this.#endUnwanted().catch(() => {}), LOOK_MS)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Of these puzzles those that have no record and whose range is still wanted. */
  async wanted(indexes: readonly number[]): Promise<number[]> {
    if (indexes.length === 0) return []
    const last = await lastWantedOf(this.#place.redis, this.#place.keys, indexes)
    return indexes.filter((_, i) => last[i]! >= this.#task.from)
  }

  /** Rejects as `Solver.solve` does, but not where the range is no longer wanted. */
  async solve(index: number, found: Found, signal: AbortSignal): Promise<void> {
    const { redis, keys, engine } = this.#place
    const { from, to } = this.#task
    if (await redis.hexists(keys.parts, fieldOf(index, from))) return this.#settle(index, found)
    const unwanted = new AbortController()
    this.#running.set(index, unwanted)
    try {
      const { candidates, stoppedBy, stats } = await engine.solve(found.puzzle, {
        ...solveOptions(this.#place),
        range: [from, to],
        signal: AbortSignal.any([signal, unwanted.signal]),
      })
      const part = { candidates, stops: stoppedBy === 'rule', ms: stats.ms }
      await setFields(redis, keys, keys.parts, new Map([[fieldOf(index, from), packPart(part)]]))
      if (part.stops) await markStop(redis, keys, index, from)
    } catch (error) {
      if (unwanted.signal.aborted && !signal.aborted) return
      throw error
    } finally {
      this.#running.delete(index)
    }
    await this.#settle(index, found)
  }

  async #endUnwanted(): Promise<void> {
    const running = [...this.#running]
    const wanted = new Set(await this.wanted(running.map(([index]) => index)))
    for (const [index, controller] of running) if (!wanted.has(index)) controller.abort()
  }

  /** Keeps the puzzle's record where all is there that counts. Whoever comes last does it, or both of two. */
  async #settle(index: number, found: Found): Promise<void> {
    const { redis, keys, run, engine } = this.#place
    const fields = this.#ranges().map((from) => fieldOf(index, from))
    if (!(await redis.hexists(keys.results, `${index}`))) {
      const packed = await redis.hmgetBuffer(keys.parts, ...fields)
      const whole = joined(packed.map((part) => (part === null ? undefined : unpackPart(part))))
      if (!whole) return
      const result = engine.judge(found.puzzle, { plan: this.#plan, ...whole }, run.spec.select)
      await keepResult(this.#place, index, found, result)
    }
    await redis.hdel(keys.parts, ...fields)
    await redis.hdel(keys.stops, `${index}`)
  }

  #ranges(): number[] {
    const { rollouts, range } = this.#place.layout
    return Array.from({ length: Math.ceil(rollouts / range) }, (_, i) => i * range)
  }
}

function fieldOf(index: number, from: number): string {
  return `${index}:${from}`
}

/** Numbers as text, which says all of them, and tokens in base 64. */
function packPart({ candidates, ...part }: Part): Buffer {
  const asText = (tokens: Uint8Array) => Buffer.from(tokens).toString('base64')
  return pack({
    ...part,
    candidates: candidates.map(({ tokens, q, firstVerified: first, ...rest }) => ({
      ...rest,
      tokens: asText(tokens),
      q: `${q}`,
      ...(first && { first: { step: first.step, tokens: asText(first.tokens), q: `${first.q}` } }),
    })),
  })
}

interface PackedCandidate extends Pick<Candidate, 'rollout' | 'steps' | 'complete'> {
  readonly tokens: string
  readonly q: string
  readonly first?: { readonly step: number; readonly tokens: string; readonly q: string }
}

function unpackPart(bytes: Buffer): Part {
  const { candidates, ...part } = unpack(bytes) as Omit<Part, 'candidates'> & {
    candidates: PackedCandidate[]
  }
  const said = ({ tokens, q }: { tokens: string; q: string }) => ({
    tokens: new Uint8Array(Buffer.from(tokens, 'base64')),
    q: Number(q),
  })
  return {
    ...part,
    candidates: candidates.map(({ rollout, steps, complete, first, ...last }) => ({
      ...{ rollout, steps, complete, ...said(last) },
      ...(first && { firstVerified: { step: first.step, ...said(first) } }),
    })),
  }
}
