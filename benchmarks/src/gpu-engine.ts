/**
 * The engines of ptrm as a contender of the bench on a GPU: answers requests (gpu-protocol.ts) on stdin by lines on stdout.
 * `node gpu-engine.ts ENGINE`, an engine of the registry: onnx-cuda, onnx-cpu or wasm.
 */
import { readFileSync } from 'node:fs'
import { bestVariant, compileKernel, readModel, type TokenBoard } from '@ptrm/core-wasm'
import {
  absenceOf,
  type Engine,
  type EngineOptions,
  engineNamed,
  listGpus,
  type StepOutput,
  type StepRequest,
} from '@ptrm/orchestrator/engines'
import type { Answers, Pass, Request, Sample } from './gpu-protocol.ts'
import { milliseconds, serve } from './gpu-serve.ts'

interface Opened {
  readonly engine: Engine
  readonly boards: readonly TokenBoard[]
  /** Of the last pass; the same requests are used again by the next. */
  requests?: { readonly of: string; readonly steps: readonly (readonly StepRequest[])[] }
}

const SEED = 1n
const WARM_UP_MS = 150

/** Answers for one engine, by what is open. */
export class EngineProcess {
  readonly #spec: ReturnType<typeof engineNamed>
  readonly #opened = new Map<string, Opened>()

  constructor(engine: string) {
    this.#spec = engineNamed(engine)
  }

  /** Rejects with whatever the engine throws. */
  async answer(request: Request): Promise<Answers[Request['op']]> {
    switch (request.op) {
      case 'hello': {
        const device = this.#spec.cost.on === 'device' ? listGpus()[0]?.name : undefined
        return {
          device: device ?? 'cpu',
          version: this.#spec.detail?.(this.#spec.variants.at(-1)!) ?? '',
        }
      }
      case 'open':
        return { ms: await milliseconds(() => this.#open(request)) }
      case 'warm':
        return { ms: await milliseconds(() => this.#warm(request)) }
      case 'measure':
        return this.#measure(request)
      case 'answers':
        return this.#answers(request)
      case 'close':
        this.#find(request.name).engine.close()
        this.#opened.delete(request.name)
        return {}
      case 'profile':
        throw new Error('this process writes no profiles')
    }
  }

  async #open({ name, model, rows, columns, boards, options }: Extract<Request, { op: 'open' }>) {
    const spec = this.#spec
    const absence = absenceOf(spec)
    if (absence) throw absence
    const setup = spec.setup(options as EngineOptions)
    const engine = await spec.open({
      kernel: await compileKernel({ variant: await bestVariant() }),
      model: readModel(readFileSync(model)),
      options: { ...setup.options, slots: options['slots'] as number },
    })
    const tokens = boards.map((board) => ({ rows, columns, tokens: Uint8Array.from(board) }))
    this.#opened.set(name, { engine, boards: tokens })
  }

  #find(name: string): Opened {
    const opened = this.#opened.get(name)
    if (!opened) throw new Error(`${name} is not open`)
    return opened
  }

  /** Whole rollouts of all slots; the outputs of the last step, and how many calls of the engine ran something. */
  async #pass(pass: Pass): Promise<{ outputs: StepOutput[]; runs: number }> {
    const opened = this.#find(pass.name)
    const { engine, boards } = opened
    const of = [pass.slots, pass.steps, pass.sigma].join()
    if (opened.requests?.of !== of) opened.requests = { of, steps: requestsOf(pass, engine.lookahead ?? 0) }
    for (let slot = 0; slot < pass.slots; slot++) engine.start(slot, boards[slot % boards.length]!)
    let outputs: StepOutput[] = []
    for (const requests of opened.requests.steps) outputs = await engine.step(requests)
    return { outputs, runs: Math.ceil(pass.steps / (1 + (engine.lookahead ?? 0))) }
  }

  /** Until code, clocks and memory are those of a long run. */
  async #warm(pass: Pass): Promise<void> {
    const until = performance.now() + WARM_UP_MS
    do await this.#pass(pass)
    while (performance.now() < until)
  }

  async #measure(request: Pass & { seconds: number }): Promise<Sample> {
    const started = performance.now()
    let [rolloutSteps, runs, seconds] = [0, 0, 0]
    do {
      runs += (await this.#pass(request)).runs
      rolloutSteps += request.slots * request.steps
      seconds = (performance.now() - started) / 1000
    } while (seconds < request.seconds)
    return { rolloutSteps, seconds, runs }
  }

  async #answers({ name, steps, sigma }: Extract<Request, { op: 'answers' }>): Promise<Answers['answers']> {
    const { engine, boards } = this.#find(name)
    const tokens: Uint8Array[] = []
    const q: number[] = []
    for (let at = 0; at < boards.length; at += engine.slots) {
      const some = boards.slice(at, at + engine.slots)
      for (const [slot, board] of some.entries()) engine.start(slot, board)
      let outputs: StepOutput[] = []
      for (const requests of requestsOf({ name, slots: some.length, steps, sigma }, engine.lookahead ?? 0))
        outputs = await engine.step(requests)
      tokens.push(...outputs.map((output) => output.tokens))
      q.push(...outputs.map((output) => output.q))
    }
    return { tokens: Buffer.concat(tokens).toString('base64'), q }
  }
}

/** The requests of each step, with as many ahead as the engine likes to hear of. */
function requestsOf({ slots, steps, sigma }: Pass, lookahead: number): StepRequest[][] {
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: slots }, (_, slot): StepRequest => {
      const at = (now: number) => ({ rollout: slot, step: now, sigma, seed: SEED, target: 'zL' as const })
      const known = Math.min(lookahead, steps - 1 - step)
      return { slot, ...at(step), ahead: Array.from({ length: known }, (_, i) => at(step + 1 + i)) }
    }),
  )
}

if (import.meta.main) {
  const engine = new EngineProcess(process.argv[2] ?? 'onnx-cpu')
  await serve((request) => engine.answer(request))
}
