/**
 * Chooses the page's examples by running the bundled models, and records the run that it opens with: `npm run examples`.
 * An example fits when noise matters: the try without noise ends wrong, some of 64 end right, and the network chooses a
 * right one. What is there is kept while it fits; else the development puzzles are gone through.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createSolver, type Solver, type StepEvent } from '@ptrm/orchestrator'
import { bundledModel } from '@ptrm/orchestrator/browser'
import { DEFAULT_KIND, kinds } from '@ptrm/puzzles'
import type { Example } from './examples.ts'
import { Projection } from './pca.ts'
import { packTokens, type Recording } from './recording.ts'
import { SKETCH } from './rollouts.ts'

const ROLLOUTS = 64
const SEED = 1
/** Right at the end, of 64: few enough for noise to matter, enough not to hang on one. */
const [LEAST, MOST] = [3, 48]
/** Development puzzles that are tried for each kind. */
const TRIED = 120
/** Places are whole numbers up to this, which is finer than the picture. */
const MOST_PLACE = 999

const fileOf = (name: string) => new URL(name, import.meta.url)
const EXAMPLES = fileOf('./examples.json')

/** What is there, then development puzzles, whose tries without noise are cheap to look at. */
function candidatesOf(kind: string, before: readonly Example[]): string[] {
  const lines = gunzipSync(readFileSync(fileOf(`../../../training/testsets/${kind}-dev.jsonl.gz`)))
    .toString()
    .trim()
    .split('\n')
  const kept = before.filter((example) => example.kind === kind).map(({ puzzle }) => puzzle)
  const given = [...kinds.values()].find(({ name }) => name === kind)?.examples.map(({ text }) => text) ?? []
  return [...kept, ...given, ...lines.slice(0, TRIED).map((line) => JSON.parse(line).url as string)]
}

/** The run on a puzzle; undefined where the try without noise ends right. */
async function runOn(solver: Solver, puzzle: string) {
  const plan = { seed: SEED, stop: 'all', select: 'best-q' } as const
  const alone = await solver.solve(puzzle, { ...plan, rollouts: 1 })
  if (alone.status === 'verified') return undefined
  const steps: StepEvent[] = []
  const onEvent = (event: { readonly type: string }) => {
    if (event.type === 'step') steps.push(event as StepEvent)
  }
  const result = await solver.solve(puzzle, { ...plan, rollouts: ROLLOUTS, sketch: SKETCH, onEvent })
  const lasts = steps.filter(({ step }) => step === result.plan.steps)
  return { result, steps, right: lasts.filter(({ verified }) => verified).length }
}

function recordingOf(
  model: string,
  puzzle: string,
  { result, steps }: NonNullable<Awaited<ReturnType<typeof runOn>>>,
): Recording {
  const { plan } = result
  const placeOf = placesOf(steps)
  const sigma = typeof plan.sigma === 'number' ? plan.sigma : plan.sigma[0]!
  const rollouts = Array.from({ length: ROLLOUTS }, (_, rollout) => {
    const own = steps.filter((step) => step.rollout === rollout).toSorted((a, b) => a.step - b.step)
    return {
      q: own.map(({ q }) => Number(q.toFixed(2))),
      tokens: packTokens(own.map(({ tokens }) => tokens)),
      right: own.filter(({ verified }) => verified).map(({ step }) => step),
      way: own.flatMap(placeOf),
    }
  })
  return { model, puzzle, steps: plan.steps, sigma, seed: SEED, rollouts }
}

/** Where a step's state lies in the plane in which all states differ most, in whole numbers. */
function placesOf(steps: readonly StepEvent[]): (step: StepEvent) => number[] {
  const projection = new Projection()
  projection.fit(steps.map(({ latent }) => latent!))
  const placeOf = ({ latent }: StepEvent) => projection.project(latent!)!
  const farthest = Math.max(...steps.flatMap(placeOf).map(Math.abs))
  return (step) => placeOf(step).map((value) => Math.round((MOST_PLACE * value) / farthest))
}

/** Kinds to choose for; the others keep what they have. Default: all. */
const wanted = process.argv.slice(2)
const before: Example[] = existsSync(EXAMPLES) ? JSON.parse(readFileSync(EXAMPLES, 'utf8')) : []
const chosen: Example[] = []
for (const kind of kinds.keys()) {
  const model = bundledModel(kind)
  if (!model) continue
  if (wanted.length > 0 && !wanted.includes(kind)) {
    chosen.push(...before.filter((example) => example.kind === kind))
    continue
  }
  // The plain build, so that every machine chooses and records the same.
  const solver = await createSolver({ model: kind, kernelVariant: 'simd128' })
  for (const puzzle of candidatesOf(kind, before)) {
    const run = await runOn(solver, puzzle)
    if (run?.result.status !== 'verified' || run.right < LEAST || run.right > MOST) continue
    chosen.push({ kind, puzzle, right: run.right, of: ROLLOUTS, model: model.name })
    if (kind === DEFAULT_KIND)
      writeFileSync(fileOf('./recorded.json'), `${JSON.stringify(recordingOf(model.name, puzzle, run))}\n`)
    console.log(`${kind}: ${run.right} of ${ROLLOUTS} right, ${puzzle}`)
    break
  }
  await solver.close()
}
writeFileSync(EXAMPLES, `${JSON.stringify(chosen, null, 2)}\n`)
