/** The clock: runs the contenders of one case in turn, again and again, and sums the samples up. */
import { type Agreement, checkAgreement } from './agreement.ts'
import { cpuMs } from './clock.ts'
import { type Contender, openContenders, PEER } from './contenders.ts'
import { randomTrm, stepFlops, type TrmSizes } from './random-trm.ts'
import { type Spread, spread } from './report.ts'

/** Long enough for V8 to replace Liftoff's code by TurboFan's. */
const WARM_UP_MS = 500
const WARM_UP_STEPS = 2
/** Short enough that neighbours on the machine disturb all contenders of a repeat alike. */
const SAMPLE_MS = 200

export interface Row {
  readonly name: string
  readonly gflops: Spread
  /** GFLOPS over the peer's of the same repeat. */
  readonly ratio: Spread
  /** Of CPU time. */
  readonly msPerStep: number
  /** GFLOPS of each repeat. */
  readonly samples: readonly number[]
  /** Distance of the outputs from the peer's, relative to the largest value. */
  readonly agreement: Agreement
}

export interface CaseResult {
  readonly name: string
  readonly sizes: TrmSizes
  readonly flopsPerStep: number
  readonly rows: readonly Row[]
}

/** Times one case. Throws `AgreementError` before any timing where the contenders disagree. */
export async function measureCase(name: string, sizes: TrmSizes, repeats: number): Promise<CaseResult> {
  const contenders = await openContenders(randomTrm(sizes, 1))
  const agreements = await agree(contenders)
  const flopsPerStep = stepFlops(sizes)
  const samples = await sampleInTurn(contenders, flopsPerStep, repeats)
  for (const contender of contenders) await contender.close()
  const peer = samples[contenders.findIndex((contender) => contender.name === PEER)]!
  const rows = contenders.map((contender, i): Row => {
    const gflops = spread(samples[i]!)
    const ratio = spread(samples[i]!.map((value, repeat) => value / peer[repeat]!))
    const msPerStep = flopsPerStep / gflops.median / 1e6
    return { name: contender.name, gflops, ratio, msPerStep, samples: samples[i]!, agreement: agreements[i]! }
  })
  return { name, sizes, flopsPerStep, rows }
}

async function agree(contenders: readonly Contender[]): Promise<Agreement[]> {
  for (const contender of contenders) await contender.step()
  const peer = contenders.find(({ name }) => name === PEER)!
  return contenders.map((contender) => checkAgreement(contender, peer))
}

/** GFLOPS by contender and repeat. Each repeat starts with another contender, so that none always goes first. */
async function sampleInTurn(
  contenders: readonly Contender[],
  flops: number,
  repeats: number,
): Promise<number[][]> {
  const counts: number[] = []
  for (const contender of contenders) counts.push(Math.ceil(SAMPLE_MS / (await warmUp(contender))))
  const samples = contenders.map((): number[] => [])
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (repeat + turn) % contenders.length
      samples[i]!.push(flops / (await timeSteps(contenders[i]!, counts[i]!)) / 1e6)
    }
  }
  return samples
}

/** Milliseconds of the last step. */
async function warmUp(contender: Contender): Promise<number> {
  const end = performance.now() + WARM_UP_MS
  let ms = 0
  for (let step = 0; step < WARM_UP_STEPS || performance.now() < end; step++)
    ms = await timeSteps(contender, 1)
  return ms
}

/** Milliseconds of CPU time a step. */
async function timeSteps(contender: Contender, count: number): Promise<number> {
  const ms = await cpuMs(async () => {
    for (let step = 0; step < count; step++) await contender.step()
  })
  return ms / count
}
