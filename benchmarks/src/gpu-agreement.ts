/** Whether contenders of the bench on a GPU compute the same: their answers after one step without noise, side by side. */
import type { GpuModelName } from './gpu-models.ts'

/** How far a contender is from another: a time counts only for the same work. */
export interface Agreement {
  readonly model: GpuModelName
  readonly contender: string
  readonly with: string
  /** Share of the boards' cells. */
  readonly sameTokens: number
  /** Largest difference of q over the largest q. */
  readonly q: number
}

/** What a contender said of a model's boards. */
export interface Said {
  readonly name: string
  readonly tokens: Uint8Array
  readonly q: readonly number[]
}

/** `wanted`: of the one that others are held against. NaN as q's distance where a value is none. */
export function agreement(found: Said, wanted: Said): Omit<Agreement, 'model'> {
  const same = found.tokens.filter((token, i) => token === wanted.tokens[i]).length
  const largest = Math.max(...wanted.q.map(Math.abs))
  return {
    ...{ contender: found.name, with: wanted.name, sameTokens: same / wanted.tokens.length },
    q: Math.max(...wanted.q.map((q, i) => Math.abs(q - found.q[i]!))) / largest,
  }
}
