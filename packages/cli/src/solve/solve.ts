/** What `ptrm solve` does: puzzles in, several in flight at once, outcomes out in the input's order. */
import type { Shard } from '@ptrm/eval'
import { loadModel } from '@ptrm/orchestrator'
import { type AnyItem, PuzzleParseError } from '@ptrm/puzzles'
import { readAllPuzzles, readPuzzles } from '@ptrm/puzzles/node'
import { UsageError } from '../input.ts'
import { refuseIdle } from '../options/engine.ts'
import { wantsColor } from '../options/groups.ts'
import { exitCodeOfAbort } from '../run/exit.ts'
import { inOrder } from '../run/in-order.ts'
import { interruptible } from '../run/interrupt.ts'
import { print, printJson, readerIsGone, tell } from '../run/output.ts'
import { Progress } from '../run/progress.ts'
import { type SvgFiles, svgFiles } from '../svg-file.ts'
import type { SolveFlags } from './flags.ts'
import { isRefusal, jsonOf, type Outcome, partsOf, remarksOf, svgOf } from './outcome.ts'
import { Solvers } from './solvers.ts'
import { formatSummary, newTally, summarize, type Tally } from './tally.ts'

/** What shards run on unless they are told: the same everywhere, to the last bit. */
const SHARD_ENGINE = { backend: 'wasm', kernel: 'simd128' } as const

/** Milliseconds between two drawings of the progress line. */
const PROGRESS_MS = 200

/** Exit codes: 0 all solved, 1 some not, 2 some input was unusable (not of a shard), above 128 interrupted. */
export function solve(input: string, given: SolveFlags): Promise<number> {
  return interruptible(async (signal) => {
    const flags = given.shard ? { ...SHARD_ENGINE, ...given } : given
    refuseIdle(flags)
    const pictures = svgFiles(flags.svg, input, flags.model)
    // A model that can't be loaded is reported before any puzzle is read.
    const own = flags.model === undefined ? undefined : await loadModel(flags.model)
    const entries = await readEntries(input, flags, flags.kind ?? own?.model.kind, signal)
    const solvers = solversFor(flags, own?.bytes, entries.puzzles)
    try {
      return await solveAll(entries, solvers, { ...flags, pictures }, signal)
    } finally {
      await solvers.close()
    }
  })
}

interface Entries {
  readonly read: (signal: AbortSignal) => AsyncIterable<AnyItem> | Iterable<AnyItem>
  /** How many of all entries are puzzles; undefined while that is not known. */
  readonly puzzles: number | undefined
  /** Where they are a part of the input. */
  readonly head?: { readonly shard: Shard }
}

/** What came of an entry, and its place in the input, from 0. */
interface Entry {
  readonly entry: number
  readonly outcome: Outcome
}

/** Stdin as it comes; everything else is read to its end first, so that progress knows the total. */
async function readEntries(
  input: string,
  { shard, ...flags }: SolveFlags,
  fallback: string | undefined,
  signal: AbortSignal,
): Promise<Entries> {
  if (shard) {
    const { readShard } = await import('./shard.ts')
    const { items, ...rest } = await readShard(input, { ...flags, shard }, fallback, signal)
    return { read: () => items, ...rest }
  }
  if (input === '-') return { read: (signal) => readPuzzles(input, { fallback, signal }), puzzles: undefined }
  const { items, count } = await readAllPuzzles(input, { fallback, signal })
  return { read: () => items, puzzles: count }
}

function solversFor(flags: SolveFlags, model: Uint8Array | undefined, puzzles: number | undefined): Solvers {
  const { workers, backend, kernel, slots, device, stepsPerRun, fp16, tf32, rollouts, steps, stop } = flags
  return new Solvers({
    model,
    workers,
    backend,
    kernelVariant: kernel,
    onnx: { ...(slots && { slots }), devices: device, stepsPerRun, fp16, tf32 },
    expected: { puzzles, rollouts, steps, all: stop === 'all' },
    firstHere: puzzles === 1,
  })
}

/** Returns the exit code. */
async function solveAll(
  { read, puzzles, head }: Entries,
  solvers: Solvers,
  { pictures, ...flags }: SolveFlags & { readonly pictures: SvgFiles | undefined },
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now()
  const tally = newTally()
  const progress = new Progress(!flags.quiet)
  const form = { json: flags.json, quiet: flags.quiet, color: wantsColor(flags) }
  const select = flags.select ?? 'verified'
  const drawing = setInterval(() => progress.draw(tally, head ? undefined : puzzles), PROGRESS_MS)
  const { index: first, of: every } = head?.shard ?? { index: 0, of: 1 }
  const write = async ({ entry, outcome }: Entry) => {
    count(outcome, tally)
    progress.clear()
    if (!('error' in outcome)) pictures?.add(outcome.number, () => svgOf(outcome))
    if (flags.json) await printJson({ ...(head && { entry }), ...jsonOf(outcome, select) })
    else await print(...partsOf(outcome, form))
    await tell(remarksOf(outcome, form))
  }
  try {
    if (head) await printJson(head)
    await inOrder({
      read,
      work: async (item, index) => {
        const entry = first + index * every
        return { entry, outcome: await outcomeOf(item, entry + 1, solvers, flags, signal) }
      },
      use: write,
      atOnce: (first) => solvers.inFlight(first),
      signal,
    })
  } finally {
    clearInterval(drawing)
    progress.clear()
  }
  if (tally.done + tally.bad === 0 && !head && !signal.aborted)
    throw new UsageError('found no puzzle in the input')
  pictures?.end()
  if (!flags.quiet && !readerIsGone()) {
    const summary = formatSummary(summarize(tally, (performance.now() - started) / 1000))
    await tell(`${signal.aborted ? 'interrupted; ' : ''}${summary}\n`)
  }
  return exitCode(tally, signal, head !== undefined)
}

function count(outcome: Outcome, tally: Tally): void {
  if ('error' in outcome) {
    tally.bad += 1
    return
  }
  tally.done += 1
  tally.ms.push(outcome.result.stats.ms)
  if (outcome.result.status === 'verified') tally.solved += 1
}

/** A shard that has a record of every entry is whole: what of the input was unusable, `merge` tells. */
function exitCode({ done, solved, bad }: Tally, signal: AbortSignal, isShard: boolean): number {
  if (signal.aborted) return exitCodeOfAbort(signal)
  if (bad > 0 && !isShard) return 2
  return solved === done ? 0 : 1
}

/** Rejects with what running a rollout throws, or with the signal's reason. */
async function outcomeOf(
  item: AnyItem,
  number: number,
  solvers: Solvers,
  flags: SolveFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  if ('error' in item) return item
  const { rollouts, steps, sigma, noiseTarget, seed, select, stop, deadline, deterministic, exact } = flags
  const plan = { rollouts, steps, sigma, noiseTarget, seed, stop, exact, includeDeterministic: deterministic }
  try {
    const solver = await solvers.forPuzzle(item)
    const result = await solver.solve(item.puzzle, { ...plan, select, deadline, signal })
    return { found: item, number, result, backend: solver.backend }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { error, found: error instanceof PuzzleParseError ? undefined : item }
  }
}
