/** The clock: runs what is compared in turn, again and again. */
import { cpuMs } from './clock.ts'

/** Something that can be timed, step by step. */
export interface Timed {
  readonly name: string
  step(): void | Promise<void>
}

/** Long enough for V8 to replace Liftoff's code by TurboFan's. */
const WARM_UP_MS = 500
const WARM_UP_STEPS = 2
/** Short enough that neighbours on the machine disturb all of a repeat alike. */
const SAMPLE_MS = 200

/** Milliseconds of CPU time a step, by what was timed and repeat. Each repeat starts with another, so that none always goes first. */
export async function sampleInTurn(all: readonly Timed[], repeats: number): Promise<number[][]> {
  const counts: number[] = []
  for (const timed of all) counts.push(Math.ceil(SAMPLE_MS / (await warmUp(timed))))
  const samples = all.map((): number[] => [])
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < all.length; turn++) {
      const i = (repeat + turn) % all.length
      samples[i]!.push(await timeSteps(all[i]!, counts[i]!))
    }
  }
  return samples
}

/** Milliseconds of a step at the end, never 0. */
async function warmUp(timed: Timed): Promise<number> {
  const end = performance.now() + WARM_UP_MS
  let ms = 0
  for (let step = 0; step < WARM_UP_STEPS || performance.now() < end; step++) ms = await timeSteps(timed, 1)
  return Math.max(ms, 0.001)
}

async function timeSteps(timed: Timed, count: number): Promise<number> {
  const ms = await cpuMs(async () => {
    for (let step = 0; step < count; step++) await timed.step()
  })
  return ms / count
}
