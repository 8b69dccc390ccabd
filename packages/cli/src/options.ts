/** Command-line values as the solver's types; each parser's error names the option's own form. */
import {
  type Backend,
  backends,
  kinds,
  type NoiseTarget,
  type SelectorName,
  type StopRule,
} from '@ptrm/orchestrator'
import { InvalidArgumentError } from 'commander'

export function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('Wanted a whole number of at least 1.')
  return value
}

/** A whole number, 0 among them. */
export function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Wanted a whole number of at least 0.')
  return Number(text)
}

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Wanted a number above 0.')
  return value
}

export function positions(text: string): 'none' | 'rope' | 'learned' {
  return oneOf(text, ['none', 'rope', 'learned'])
}

/** One standard deviation, not one a step. */
export function singleSigma(text: string): number {
  const value = sigma(text)
  if (typeof value === 'number') return value
  throw new InvalidArgumentError('Wanted one number of at least 0.')
}

export function kind(text: string): string {
  if (!kinds.has(text)) throw new InvalidArgumentError(`Wanted one of ${[...kinds.keys()].join(', ')}.`)
  return text
}

export function seed(text: string): bigint {
  if (!/^\d+$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new InvalidArgumentError('Wanted a whole number below 2^64.')
  return BigInt(text)
}

/** `0.3`, or one value a step: `0.5,0.4,0.3`. */
export function sigma(text: string): number | number[] {
  const parts = text.split(',')
  const values = parts.map(Number)
  const ok = parts.every(
    (part, i) => /^[\d.eE+-]+$/.test(part) && Number.isFinite(values[i]) && values[i]! >= 0,
  )
  if (!ok) throw new InvalidArgumentError('Wanted a number of at least 0, or one a step: 0.5,0.4,0.3.')
  return values.length === 1 ? values[0]! : values
}

export function noiseTarget(text: string): NoiseTarget {
  return oneOf(text, ['zL', 'zH', 'both'])
}

export function select(text: string): SelectorName {
  return oneOf(text, ['verified', 'best-q', 'mode', 'q-weighted'])
}

export function backend(text: string): Backend {
  return oneOf(text, backends)
}

export function stop(text: string): StopRule {
  const threshold = /^q-above:(-?\d+(?:\.\d+)?)$/.exec(text)?.[1]
  if (threshold !== undefined) return { qAbove: Number(threshold) }
  if (text === 'all' || text === 'first-verified') return text
  throw new InvalidArgumentError('Wanted all, first-verified or q-above:LOGIT (such as q-above:3).')
}

/** `500ms`, `10s`, `2m`; bare numbers are seconds. In milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text)
  const ms = match ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's']! : 0
  if (ms < 1) throw new InvalidArgumentError('Wanted a time such as 500ms, 10s or 2m.')
  return Math.round(ms)
}

function oneOf<Name extends string>(text: string, names: readonly Name[]): Name {
  const name = names.find((candidate) => candidate === text)
  if (name === undefined) throw new InvalidArgumentError(`Wanted one of ${names.join(', ')}.`)
  return name
}
