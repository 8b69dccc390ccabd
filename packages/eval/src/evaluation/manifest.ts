/** What a run is of: `run.json`. */
import { kernelSha256, NOISE_TARGETS, type Plan, type Solver } from '@ptrm/orchestrator'
import { either, has, isListOf, isNull, isNumber, isText, isWhole, wrongField } from '../checks.ts'
import { type EvaluationData, sizeOfText, sizeText } from './data.ts'
import type { AnswerJudge } from './judge.ts'
import type { ModelFile } from './model.ts'
import type { Shard } from './shard.ts'

/** What a run is of: equal manifests, equal figures. */
export interface Manifest {
  readonly format: 1
  readonly model: { readonly name: string; readonly kind: string; readonly sha256: string }
  readonly data: {
    readonly name: string
    readonly sha256: string
    readonly puzzles: number
    readonly perSource: number | null
    /** `10x10` or `11-17`, where only boards of a size, or of sides in a range, were asked for. */
    readonly size?: string
  }
  /** K, D, sigma, noise target and seed; the seed as text. */
  readonly plan: Pick<Plan, 'rollouts' | 'steps' | 'sigma' | 'noiseTarget'> & { readonly seed: string }
  /** `kernelSha256`: of the kernel's file, which makes the noise for every backend; missing in folders of earlier versions. */
  readonly engine: { readonly backend: string; readonly kernel: string; readonly kernelSha256?: string }
  /** Where the rules said which answers are right; else the published solutions did. */
  readonly judge?: 'rules'
  /** Of a run over several machines, the part that this is. */
  readonly shard?: Shard
  /** Calls of the network in one step: H_cycles * (L_cycles + 1). */
  readonly netCallsPerStep: number
}

/** The manifest of a run over `puzzles` puzzles of the data. */
export function manifestOf(
  { name, sha256, perSource, size }: EvaluationData,
  puzzles: number,
  model: ModelFile,
  { backend, kernelVariant }: Solver,
  { rollouts, steps, sigma, noiseTarget, seed }: Plan,
  judge: AnswerJudge = 'solutions',
  shard?: Shard,
): Manifest {
  const { hCycles, lCycles } = model.model.config
  return {
    format: 1,
    model: { name: model.name, kind: model.model.kind, sha256: model.sha256 },
    data: {
      name,
      sha256,
      puzzles,
      perSource: perSource ?? null,
      ...(size && { size: sizeText(size) }),
    },
    plan: { rollouts, steps, sigma, noiseTarget, seed: seed.toString() },
    engine: { backend, kernel: kernelVariant, kernelSha256: kernelSha256(kernelVariant) },
    ...(judge === 'rules' && { judge }),
    ...(shard && { shard: { index: shard.index, of: shard.of } }),
    netCallsPerStep: hCycles * (lCycles + 1),
  }
}

/** What keeps a value from being a manifest: the first field that is wrong. Undefined where it is one. */
export function wrongInManifest(value: unknown): string | undefined {
  const seed = (text: unknown) => isText(text) && /^\d{1,20}$/.test(text as string)
  return wrongField<Required<Manifest>>(value, {
    format: (format) => format === 1,
    model: has<Manifest['model']>({ name: isText, kind: isText, sha256: isText }),
    data: has<Required<Manifest['data']>>({
      name: isText,
      sha256: isText,
      puzzles: isWhole(1),
      perSource: either(isNull, isWhole(1)),
      size: (size) => size === undefined || (isText(size) && sizeOfText(size as string) !== undefined),
    }),
    plan: has<Manifest['plan']>({
      rollouts: isWhole(1),
      steps: isWhole(1),
      sigma: either(isNumber, isListOf(isNumber)),
      noiseTarget: (name) => NOISE_TARGETS.some((target) => target === name),
      seed,
    }),
    engine: has<Required<Manifest['engine']>>({
      backend: isText,
      kernel: isText,
      kernelSha256: (sum) => sum === undefined || isText(sum),
    }),
    judge: (judge) => judge === undefined || judge === 'rules',
    shard: (shard) => shard === undefined || isShard(shard),
    netCallsPerStep: isWhole(1),
  })
}

function isShard(value: unknown): boolean {
  return (
    has<Shard>({ index: isWhole(0), of: isWhole(1) })(value) && (value as Shard).index < (value as Shard).of
  )
}
