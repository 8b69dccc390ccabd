/** The way of one puzzle's rollouts through latent space: their z_H after every step, seen along its two main directions. */
import { loadKernel, type Model } from '@ptrm/core-wasm'
import { cutToPuzzle, makePlan, placeOnModel, sigmaAt, sureness } from '@ptrm/orchestrator'
import type { AnyKind } from '@ptrm/puzzles'
import { EigenvalueDecomposition } from 'ml-matrix'
import type { Manifest } from '../evaluation/manifest.ts'
import { colors, quantity } from './encodings.ts'
import type { Picture } from './picture.ts'

/** More lines would hide each other. */
const MOST_ROLLOUTS = 24

/** One rollout's latents and its end. */
export interface Path {
  readonly rollout: number
  /** z_H after each step, flattened, shape [D][T * d]. */
  readonly latents: readonly Float32Array[]
  readonly q: number
  /** Canonical answer tokens of the puzzle's own board after the last step. */
  readonly answer: Uint8Array
  readonly right: boolean
}

/** Runs the first rollouts of a run's plan again, in this thread, and keeps their latents. */
export async function tracePaths(
  model: Model,
  kind: AnyKind,
  puzzle: unknown,
  solution: unknown,
  { plan, engine }: Manifest,
): Promise<Path[]> {
  const whole = makePlan({ ...plan, seed: BigInt(plan.seed), includeDeterministic: false })
  const kernel = await loadKernel(engine.kernel === 'simd128' ? { variant: 'simd128' } : {})
  const net = kernel.load(model.config, model.tensors)
  const { board, size } = placeOnModel(kind.name, kind.encode(puzzle), model.config)
  const wanted = kind.canonical(puzzle, kind.encodeAnswer(puzzle, solution))
  try {
    return Array.from({ length: Math.min(MOST_ROLLOUTS, whole.rollouts) }, (_, rollout): Path => {
      net.start(0, board)
      const latents: Float32Array[] = []
      let answer: Uint8Array = new Uint8Array()
      let q = 0
      for (let step = 0; step < whole.steps; step++) {
        const sigma = sigmaAt(whole, rollout, step)
        const view = net.step(0, { seed: whole.seed, rollout, step, sigma, target: whole.noiseTarget })
        latents.push(net.readLatent(0, 'zH'))
        answer = cutToPuzzle(view.tokens.slice(), board, size)
        q = view.q
      }
      const canonical = kind.canonical(puzzle, answer)
      return {
        rollout,
        latents,
        q,
        answer: canonical,
        right: canonical.every((token, i) => token === wanted[i]),
      }
    })
  } finally {
    net.close()
  }
}

/**
 * Coordinates of every latent along the first two principal components, and the share of variance of each. From the
 * eigenvectors of the Gram matrix of the centred latents, since a latent has many more numbers than there are latents:
 * with X X^T = U S^2 U^T the scores are U S.
 */
export function project(paths: readonly Path[]): {
  readonly scores: readonly (readonly number[])[]
  readonly explained: readonly number[]
} {
  const samples = centred(paths.flatMap(({ latents }) => latents))
  const gram = samples.map((a) => samples.map((b) => dot(a, b)))
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true })
  const largest = [...realEigenvalues.keys()]
    .sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!)
    .slice(0, 2)
  const total = gram.reduce((sum, row, i) => sum + row[i]!, 0)
  const scores = samples.map((_, i) =>
    largest.map((k) => eigenvectorMatrix.get(i, k) * Math.sqrt(Math.max(0, realEigenvalues[k]!))),
  )
  return { scores, explained: largest.map((k) => realEigenvalues[k]! / total) }
}

/** The samples less their mean. */
function centred(samples: readonly Float32Array[]): Float64Array[] {
  const mean = new Float64Array(samples[0]!.length)
  for (const sample of samples) for (const [i, value] of sample.entries()) mean[i]! += value / samples.length
  return samples.map((sample) => Float64Array.from(sample, (value, i) => value - mean[i]!))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The picture of the ways, one line a rollout. */
export function latentPicture(paths: readonly Path[], id: string): Picture {
  const { scores, explained } = project(paths)
  const depth = paths[0]!.latents.length
  const rows = scores.map(([x, y], i) => {
    const { rollout, right } = paths[Math.floor(i / depth)]!
    return { rollout, step: (i % depth) + 1, end: right ? 'right' : 'wrong', x: x!, y: y! }
  })
  const [first, second] = explained.map((part) => `${(100 * part).toFixed(0)}%`)
  const right = paths.filter((path) => path.right).length
  const color = {
    field: 'end',
    type: 'nominal',
    title: 'ends',
    scale: colors(['right', 'wrong']),
  }
  return {
    name: 'latents',
    title: `Rollouts of one puzzle in latent space: ${id}`,
    caption: `z_H after each step of ${paths.length} rollouts, along the first two principal components of all of them; large points are the ends. ${right} of the rollouts end right.`,
    rows,
    chart: {
      height: 420,
      encoding: {
        x: quantity('x', `PC 1 (${first} of the variance)`),
        y: quantity('y', `PC 2 (${second})`),
        color,
        detail: { field: 'rollout' },
        order: { field: 'step', type: 'quantitative' },
      },
      layer: [
        { mark: { type: 'line', opacity: 0.45, strokeWidth: 1 } },
        {
          transform: [{ filter: `datum.step === ${depth}` }],
          mark: { type: 'point', filled: true, size: 90, opacity: 0.9 },
        },
      ],
    } as Picture['chart'],
  }
}

/** The boards at the ends: each different answer once, the right one first, then by falling q. */
export function endBoards(
  paths: readonly Path[],
  kind: AnyKind,
  puzzle: unknown,
  most = 6,
): { title: string; svg: string }[] {
  const byAnswer = new Map<string, Path[]>()
  for (const path of paths) {
    const key = path.answer.join()
    byAnswer.set(key, [...(byAnswer.get(key) ?? []), path])
  }
  return [...byAnswer.values()]
    .map((group) => group.toSorted((a, b) => sureness(b.q) - sureness(a.q)))
    .toSorted(([a], [b]) => Number(b!.right) - Number(a!.right) || sureness(b!.q) - sureness(a!.q))
    .slice(0, most)
    .map((group) => {
      const { answer, q, right } = group[0]!
      const board = kind.decode(puzzle, answer)
      const title = `${right ? 'right' : 'wrong'}, q ${q.toFixed(2)}, rollout${group.length > 1 ? 's' : ''} ${group
        .map(({ rollout }) => rollout)
        .sort((a, b) => a - b)
        .join(', ')}`
      return { title, svg: kind.toSvg(puzzle, board, { title, violations: kind.verify(puzzle, board) }) }
    })
}
