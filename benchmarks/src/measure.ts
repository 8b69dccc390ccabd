/** One case of the step's benchmark: its contenders checked against each other, timed in turn, and put in proportion. */
import { type Kernel, loadKernel, type NoiseDraw, rowsOf } from '@ptrm/core-wasm'
import { type Agreement, checkAgreement } from './agreement.ts'
import type { BareLoop } from './bare-loops.ts'
import { type Contender, NATIVE, OWN_DENSE, openContenders, openKernel, PEER } from './contenders.ts'
import { type Spread, spread } from './report.ts'
import { sampleInTurn, type Timed } from './sampling.ts'
import type { Subject } from './subjects.ts'

export interface Row {
  readonly name: string
  /** CPU time of a step, noise on z_L included. */
  readonly msPerStep: Spread
  /** How many times quicker than each peer in the same repeat. */
  readonly speedup: Readonly<Record<string, Spread>>
  readonly flopsPerStep: number
  /** Of the operations that it does itself. */
  readonly gflops: Spread
  /** Its GFLOPS over those of the bare loop of fused multiply-adds in the same repeat. */
  readonly peakShare: Spread
  /** Milliseconds of each repeat. */
  readonly samples: readonly number[]
  /** Distance of the outputs from onnxruntime-web's, relative to the largest value. */
  readonly agreement: Agreement
}

/** What noise takes of a step of the first contender. */
export interface NoiseFigures {
  /** 1 - the time of a step without noise / with noise. */
  readonly share: Spread
  /** Milliseconds of `fillNoise` alone, which also copies it out of wasm memory. */
  readonly ms: Spread
  /** The same over a whole step. */
  readonly shareAlone: Spread
}

export interface CaseResult {
  readonly name: string
  readonly rows: readonly Row[]
  readonly noise: NoiseFigures
}

/** Times one case. Throws `AgreementError` before any timing where the contenders disagree. */
export async function measureCase(subject: Subject, peak: BareLoop, repeats: number): Promise<CaseResult> {
  const contenders = await openContenders(subject)
  const agreements = await agree(contenders)
  const silent = await openKernel(subject.model, 'relaxed')
  silent.start(subject.boards[0])
  const without: Timed = { name: 'without noise', step: () => silent.step() }
  const all = [...contenders.map(noisy), without, await noiseAlone(subject), peak]
  const samples = await sampleInTurn(all, repeats)
  for (const contender of [...contenders, silent]) await contender.close()
  const [withoutMs, noiseMs, peakMs] = samples.slice(contenders.length) as [number[], number[], number[]]
  const whole = samples[0]!
  const over = (found: readonly number[], wanted: readonly number[]) => found.map((ms, i) => ms / wanted[i]!)
  const rows = contenders.map(({ name, flops }, i): Row => {
    const own = samples[i]!
    const peers = contenders.flatMap((peer, p) =>
      [OWN_DENSE, PEER, NATIVE].includes(peer.name)
        ? [[peer.name, spread(over(samples[p]!, own))] as const]
        : [],
    )
    const gflops = own.map((ms) => flops / ms / 1e6)
    return {
      ...{ name, msPerStep: spread(own), speedup: Object.fromEntries(peers) },
      ...{ flopsPerStep: flops, gflops: spread(gflops) },
      peakShare: spread(gflops.map((rate, k) => (rate * peakMs[k]! * 1e6) / peak.flops)),
      ...{ samples: own, agreement: agreements[i]! },
    }
  })
  const share = spread(over(withoutMs, whole).map((ratio) => 1 - ratio))
  return {
    name: subject.name,
    rows,
    noise: { share, ms: spread(noiseMs), shareAlone: spread(over(noiseMs, whole)) },
  }
}

/** Noise as solvers ask for it; another for every step. */
function draw(step: number): NoiseDraw {
  return { seed: 1n, rollout: 0, step, sigma: 0.3, target: 'zL' }
}

function noisy(contender: Contender): Timed {
  let step = 1
  return { name: contender.name, step: () => contender.step(draw(step++)) }
}

async function noiseAlone({ dense: { config } }: Subject): Promise<Timed> {
  const kernel: Kernel = await loadKernel({ variant: 'relaxed' })
  const out = new Float32Array(rowsOf(config) * config.hiddenSize)
  let step = 0
  return { name: 'noise alone', step: () => kernel.fillNoise(out, draw(step++)) }
}

async function agree(contenders: readonly Contender[]): Promise<Agreement[]> {
  for (const contender of contenders) await contender.step(draw(0))
  const peer = contenders.find(({ name }) => name === PEER)!
  return contenders.map((contender) => checkAgreement(contender, peer))
}
