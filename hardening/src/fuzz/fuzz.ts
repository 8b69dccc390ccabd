/** Feeds a reader with changed inputs; those that reach code that none before has reached are kept and changed further. */
import { cpuMs } from '../../../packages/checkpoints/test/cpu-time.ts'
import type { Coverage } from './coverage.ts'
import { mutate, randomOf } from './mutate.ts'
import type { Target } from './target.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Ends it after so many inputs. */
  readonly runs?: number
  /** Or after so many milliseconds. */
  readonly ms?: number
  readonly corpus: readonly Uint8Array[]
  /** Without it no input is kept, and only those given are changed. */
  readonly coverage?: Coverage | undefined
}

export interface Failure {
  readonly input: Uint8Array
  readonly error: Error
}

export interface Fuzzed {
  readonly runs: number
  /** How often inputs ended in what: a word of the target's, or the name of an error. */
  readonly endings: Readonly<Record<string, number>>
  /** Inputs that reached new code, in the order in which they were found. */
  readonly kept: readonly Uint8Array[]
  readonly failures: readonly Failure[]
}

/** Milliseconds of CPU time of this thread that no input of some kilobytes may take. */
const PATIENCE = 2_000
/** Coverage is taken after so many inputs; only where there is something new is each of them run by itself. */
const BATCH = 128
/** One fault fails in many ways: the first few are enough. */
const ENOUGH = 5

export async function fuzz(target: Target, options: FuzzOptions): Promise<Fuzzed> {
  const { seed, runs = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY, coverage } = options
  const random = randomOf(seed)
  const corpus = [...target.seeds(), ...options.corpus]
  if (corpus.length === 0) throw new RangeError(`${target.name}: no input to begin with`)
  const kept: Uint8Array[] = []
  const failures: Failure[] = []
  const endings: Record<string, number> = {}
  const started = performance.now()
  const attempt = async (input: Uint8Array) => {
    const outcome = await endingOf(target, input)
    if (typeof outcome === 'string') endings[outcome] = (endings[outcome] ?? 0) + 1
    else failures.push({ input, error: outcome })
  }
  let done = 0
  for (const input of corpus) await attempt(input)
  coverage?.take()
  while (done < runs && performance.now() - started < ms && failures.length < ENOUGH) {
    const sources = { corpus, words: target.words, most: target.most }
    const count = Math.min(BATCH, runs - done)
    // What was found last is tried more often.
    const parent = () =>
      corpus[
        random(2) === 0 ? random(corpus.length) : corpus.length - 1 - random(Math.min(8, corpus.length))
      ]!
    const batch = Array.from({ length: count }, () => mutate(parent(), random, sources))
    for (const input of batch) await attempt(input)
    done += count
    if (coverage && coverage.take() > 0) {
      const found = await newOnes(target, batch, coverage)
      kept.push(...found)
      corpus.push(...found)
    }
  }
  return { runs: done, endings, kept, failures }
}

/**
 * The inputs of a batch that reach new code, found by halves, as taking coverage takes longer than running many inputs.
 * What one reaches is no longer new of those after it.
 */
async function newOnes(
  target: Target,
  batch: readonly Uint8Array[],
  coverage: Coverage,
): Promise<readonly Uint8Array[]> {
  if (batch.length === 1) return batch
  coverage.forgetLast()
  const half = batch.length >> 1
  const found: Uint8Array[] = []
  for (const part of [batch.slice(0, half), batch.slice(half)]) {
    for (const input of part) await endingOf(target, input)
    if (coverage.take() > 0) found.push(...(await newOnes(target, part, coverage)))
  }
  return found
}

/** The word or the named error that an input ends in; else the fault that it shows. */
export async function endingOf(
  target: Target,
  input: Uint8Array,
  patience: number = PATIENCE,
): Promise<string | Error> {
  const started = cpuMs()
  let ending: string
  try {
    ending = await target.run(input)
  } catch (error) {
    if (!target.errors.some((type) => error instanceof type)) return asError(error)
    ending = (error as Error).name
  }
  const took = cpuMs() - started
  return took > patience ? new Error(`took ${took.toFixed(0)} ms of CPU time`) : ending
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`threw ${String(thrown)}`)
}
