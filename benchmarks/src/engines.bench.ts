/**
 * `pnpm bench:engines`: CPU milliseconds of a rollout's step on each engine, by how many slots it holds, at both model
 * sizes; of making noise; and of several steps in one run, as a Loop and unrolled. The rule of `auto` stands on it.
 */

import { loadKernel, type Model, type TokenBoard, usualBoard } from '@ptrm/core-wasm'
import {
  availableEngines,
  type Engine,
  type EngineMaker,
  type EngineSpec,
  type EngineVariant,
  type StepRequest,
} from '@ptrm/orchestrator/engines'
import { cpuMs } from './clock.ts'
import { type FormFigure, measureForms } from './forms.ts'
import { BUNDLED, OFFICIAL, randomTrm, type TrmSizes } from './random-trm.ts'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'

const SLOTS = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const CASES = { 'bundled size, dense': BUNDLED, 'official size': OFFICIAL }
/** CPU milliseconds that the samples of one row may take: fewer repeats where a step of all slots takes seconds. */
const BUDGET_MS = 6_000
/** Steps after which V8 has compiled the kernel, at either size. */
const WARM_UP_STEPS = 40

interface Figure {
  readonly engine: string
  readonly slots: number
  /** CPU milliseconds (of a device: of the wall clock) of one step of one rollout, noise on z_L included. */
  readonly msPerRolloutStep: Spread
  readonly samples: number
}

interface CaseFigures {
  readonly name: string
  readonly figures: readonly Figure[]
  readonly forms: readonly FormFigure[]
  /** CPU milliseconds for the noise of one rollout's step. */
  readonly noiseMs: Spread
}

async function bench(repeats: number, say: (text: string) => void): Promise<{ cases: CaseFigures[] }> {
  const { engines, missing } = await availableEngines()
  for (const { message } of missing) say(`left out: ${message}`)
  const makers = engines.filter(({ spec, variant }) => variant === bestOf(spec))
  say(
    'One thread. CPU ms a rollout-step (CUDA: of the wall clock), noise included, median (min..max); the engines in turn.',
  )
  const cases: CaseFigures[] = []
  for (const [name, sizes] of Object.entries(CASES)) {
    const { config, tensors } = randomTrm(sizes, 1)
    const model: Model = { kind: 'sudoku', config, tensors, recommended: {} }
    const figures: Figure[] = []
    say(`\n${name}: d ${sizes.hiddenSize}, T ${sizes.prefix + sizes.seqLen}`)
    for (const slots of SLOTS) {
      const row = await measureSlots(makers, model, slots, repeats)
      figures.push(...row)
      say(
        row
          .map(
            (one) =>
              `${String(slots).padStart(3)} slots  ${one.engine.padEnd(12)} ${showSpread(one.msPerRolloutStep, 2)} of ${one.samples}`,
          )
          .join('\n'),
      )
    }
    const noiseMs = await measureNoise(sizes, repeats)
    say(`noise of a step: ${showSpread(noiseMs, 3)} ms`)
    const forms = await measureForms(model, repeats)
    say(
      alignColumns([
        ['steps a run', 'slots', 'ms a rollout-step'],
        ...forms.map((f) => [f.form, String(f.slots), showSpread(f.msPerRolloutStep, 2)]),
      ]),
    )
    cases.push({ name, figures, forms, noiseMs })
  }
  return { cases }
}

/** The last way of opening an engine that is not for the contract alone: each engine has its fastest last. */
function bestOf({ variants }: EngineSpec): EngineVariant | undefined {
  return variants.findLast(({ contractOnly }) => !contractOnly)
}

async function measureSlots(
  makers: readonly EngineMaker[],
  model: Model,
  slots: number,
  repeats: number,
): Promise<Figure[]> {
  const opened: { name: string; clock: typeof cpuMs; engine: Engine; samples: number[]; step: number }[] = []
  for (const { name, spec, make } of makers) {
    const engine = await make(model, slots)
    for (let slot = 0; slot < slots; slot++) engine.start(slot, board(model, slot))
    // One slot warms the code up as well as all do.
    for (let step = 0; step < Math.ceil(WARM_UP_STEPS / slots) && slots < 16; step++)
      await engine.step([request(0, step)])
    // A device's work is no CPU time.
    const clock = spec.cost.on === 'device' ? wallMs : cpuMs
    opened.push({ name, clock, engine, samples: [], step: 0 })
  }
  let spent = 0
  for (let repeat = 0; repeat < repeats && (repeat === 0 || spent < BUDGET_MS); repeat++) {
    for (const one of opened) {
      const requests = Array.from({ length: slots }, (_, slot) => request(slot, one.step))
      one.step += 1
      const ms = await one.clock(() => one.engine.step(requests))
      spent += ms
      one.samples.push(ms / slots)
    }
  }
  for (const { engine } of opened) engine.close()
  return opened.map(({ name, samples }) => {
    return { engine: name, slots, msPerRolloutStep: spread(samples), samples: samples.length }
  })
}

async function measureNoise({ prefix, seqLen, hiddenSize }: TrmSizes, repeats: number): Promise<Spread> {
  const kernel = await loadKernel({ variant: 'simd128' })
  const out = new Float32Array((prefix + seqLen) * hiddenSize)
  const draws = 100
  const all = (repeat: number) => {
    for (let step = 0; step < draws; step++) kernel.fillNoise(out, { ...request(repeat, step), target: 'zL' })
  }
  all(repeats)
  const samples: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) samples.push((await cpuMs(() => all(repeat))) / draws)
  return spread(samples)
}

async function wallMs(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function board({ config }: Model, slot: number): TokenBoard {
  const { rows, columns } = usualBoard(config)
  const tokens = Uint8Array.from(
    { length: rows * columns },
    (_, cell) => (cell * 7 + slot) % config.vocabSize,
  )
  return { rows, columns, tokens }
}

function request(slot: number, step: number): StepRequest {
  return { slot, rollout: slot, step, sigma: 0.3, seed: 1n, target: 'zL' }
}

await runBench({ name: 'engines', command: 'pnpm bench:engines' }, bench)
