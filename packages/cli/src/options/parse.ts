/** Command-line values as the solver's types; each parser's error names the option's own form. */

import type { Shard } from '@ptrm/eval'
import type { Backend, KernelVariant, NoiseTarget, SelectorName, StopRule } from '@ptrm/orchestrator'
import {
  backends,
  KERNEL_VARIANTS,
  MOST_SIGMA,
  NOISE_TARGETS,
  PLAN_RULES,
  POSITIONS,
  SELECTIONS,
  SOLVE_RULES,
  type ValueRule,
} from '@ptrm/orchestrator/choices'
import { kinds } from '@ptrm/puzzles'
import { InvalidArgumentError } from 'commander'

/** Who may judge answers: `@ptrm/eval`'s list, which only measuring commands load. */
const ANSWER_JUDGES = ['solutions', 'rules'] as const

/** What a sweep may choose its plan by. */
const JUDGES = ['verified', 'best-q'] as const

type Parser<Value> = (text: string) => Value

export function count(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('Wanted a whole number of at least 1.')
  return value
}

/** A whole number that a rule of the solver's allows. */
export function within(rule: ValueRule): Parser<number> {
  return (text) => {
    const value = rule.allows(0) ? whole(text) : count(text)
    if (!rule.allows(value)) throw new InvalidArgumentError(`Wanted ${rule.wanted}.`)
    return value
  }
}

/** Counts, with commas between: `1,5,25`. */
export function counts(text: string): number[] {
  return text.split(',').map(count)
}

/** Whole numbers, with commas between, that a rule of the solver's allows: `0,1`. */
export function listWithin(rule: ValueRule): Parser<number[]> {
  return (text) => {
    const values = text.split(',').map(whole)
    if (!rule.allows(values)) throw new InvalidArgumentError(`Wanted ${rule.wanted}, with commas between.`)
    return values
  }
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

/** One standard deviation, not one a step. */
export function singleSigma(text: string): number {
  const value = sigma(text)
  if (typeof value === 'number') return value
  throw new InvalidArgumentError('Wanted one number of at least 0.')
}

interface Board {
  rows: number
  cols: number
}

/** `10x10`: rows, columns. */
export function size(text: string): Board {
  const board = boardOf(text)
  if (!board) throw new InvalidArgumentError('Wanted rows x columns, such as 10x10.')
  return board
}

/** `10x10`, or the longer side from one length to another: `11-17`. */
export function sizes(text: string): Board | { shortest: number; longest: number } {
  const board = boardOf(text)
  if (board) return board
  const [shortest = 0, longest = 0] = /^(\d{1,3})-(\d{1,3})$/.exec(text)?.slice(1).map(Number) ?? []
  if (shortest > 0 && shortest <= longest) return { shortest, longest }
  throw new InvalidArgumentError(
    'Wanted rows x columns, such as 10x10, or the shortest and the longest longer side, such as 11-17.',
  )
}

function boardOf(text: string): Board | undefined {
  const [rows = 0, cols = 0] = /^(\d{1,3})x(\d{1,3})$/.exec(text)?.slice(1).map(Number) ?? []
  return rows > 0 && cols > 0 ? { rows, cols } : undefined
}

/** `0/8`: the first of eight parts. */
export function shard(text: string): Shard {
  const [index = 0, of = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.slice(1).map(Number) ?? []
  if (index < of) return { index, of }
  throw new InvalidArgumentError(
    'Wanted i/n, with i from 0 to n - 1: the shards of four are 0/4, 1/4, 2/4, 3/4.',
  )
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
  const ok = parts.every((part) => /^[\d.eE+-]+$/.test(part))
  if (!ok || !PLAN_RULES.sigma.allows(values))
    throw new InvalidArgumentError(
      `Wanted a number of at least 0 and at most ${MOST_SIGMA}, or one a step: 0.5,0.4,0.3.`,
    )
  return values.length === 1 ? values[0]! : values
}

/** Several, each as `sigma` reads it: for options that may be given more than once. */
export function sigmas(text: string, before: (number | number[])[] = []): (number | number[])[] {
  return [...before, sigma(text)]
}

export function noiseTargets(text: string, before: NoiseTarget[] = []): NoiseTarget[] {
  return [...before, noiseTarget(text)]
}

export const noiseTarget: Parser<NoiseTarget> = oneOf(NOISE_TARGETS)
export const select: Parser<SelectorName> = oneOf(SELECTIONS)
export const judge: Parser<(typeof JUDGES)[number]> = oneOf(JUDGES)
export const answerJudge: Parser<(typeof ANSWER_JUDGES)[number]> = oneOf(ANSWER_JUDGES)
export const backend: Parser<Backend> = oneOf(backends)
export const kernel: Parser<KernelVariant> = oneOf(KERNEL_VARIANTS)
export const positions: Parser<(typeof POSITIONS)[number]> = oneOf(POSITIONS)
export const kind: Parser<string> = oneOf([...kinds.keys()])

export const STOP_RULES =
  'all, first-verified, q-above:LOGIT, adaptive or adaptive:ERROR, the last two also with ,prune:STEP:LOGIT'

/** `adaptive`, `adaptive:ERROR`, either with `,prune:STEP:LOGIT`. */
const ADAPTIVE = /^adaptive(?::(0?\.\d+))?(?:,prune:(\d+):(-?\d+(?:\.\d+)?))?$/

export function stop(text: string): StopRule {
  const [whole, error, after, below] = ADAPTIVE.exec(text) ?? []
  const isInRange = Number(error ?? 0.1) > 0 && Number(error ?? 0.1) < 0.5 && Number(after ?? 1) >= 1
  if (whole !== undefined && isInRange) {
    const until = error === undefined ? 'verified' : { error: Number(error) }
    const prune = after === undefined ? undefined : { after: Number(after), below: Number(below) }
    return { adaptive: { until, prune } }
  }
  const threshold = /^q-above:(-?\d+(?:\.\d+)?)$/.exec(text)?.[1]
  if (threshold !== undefined) return { qAbove: Number(threshold) }
  if (text === 'all' || text === 'first-verified') return text
  throw new InvalidArgumentError(
    `Wanted ${STOP_RULES}, where ERROR is above 0 and below 0.5, such as adaptive:0.01, and STEP at least 1.`,
  )
}

/** Several, each as `stop` reads it. */
export function stops(text: string, before: StopRule[] = []): StopRule[] {
  return [...before, stop(text)]
}

/** `500ms`, `10s`, `2m`; bare numbers are seconds. In milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text)
  const ms = match ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] ?? 's']! : 0
  if (ms < 1 || !SOLVE_RULES.deadline.allows(Math.round(ms)))
    throw new InvalidArgumentError('Wanted a time such as 500ms, 10s or 2m.')
  return Math.round(ms)
}

function oneOf<Name extends string>(names: readonly Name[]): Parser<Name> {
  return (text) => {
    const name = names.find((candidate) => candidate === text)
    if (name === undefined) throw new InvalidArgumentError(`Wanted one of ${names.join(', ')}.`)
    return name
  }
}
