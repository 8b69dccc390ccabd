/** Options and arguments that several commands share: each has one text and one parser, here. */
import {
  backends,
  KERNEL_VARIANTS,
  NOISE_TARGETS,
  ONNX_RULES,
  PLAN_RULES,
  SELECTIONS,
  SOLVER_RULES,
} from '@ptrm/orchestrator/choices'
import { kinds } from '@ptrm/puzzles'
import { Argument, type Option } from 'commander'
import picocolors from 'picocolors'
import { option } from '../declare.ts'
import * as parse from './parse.ts'

const OF_THE_MODEL = 'default: as the model recommends'

/** What puzzles a command reads. */
export function puzzleInput(): Argument {
  return new Argument('<input>', 'file, URL, puzzle or -')
}

/** `--kind` of commands that read puzzles; `otherwise` says what is taken without it. */
export function gridKindOption(otherwise: string): Option {
  const text = `what text grids are that no line names: ${listed(kinds.keys())} (default: ${otherwise})`
  return option('--kind <name>', text, parse.kind)
}

/** `--model`; `otherwise` says what is taken without it. */
export function modelOption(otherwise: string): Option {
  return option('--model <name|file>', `bundled model, kind, or safetensors file (default: ${otherwise})`)
}

/** All of a plan but its stop rule: K, D, the noise and its seed. */
export function planOptions(): Option[] {
  return [
    rolloutsOption(`rollouts a puzzle (${OF_THE_MODEL})`),
    stepsOption(`deep recursion steps a rollout (${OF_THE_MODEL})`),
    option('--sigma <list>', 'standard deviation of the noise, or one a step', parse.sigma),
    noiseTargetOption(),
    seedOption(),
  ]
}

export function rolloutsOption(what: string): Option {
  return option('--rollouts <K>', what, parse.within(PLAN_RULES.rollouts))
}

export function stepsOption(what: string): Option {
  return option('--steps <D>', what, parse.within(PLAN_RULES.steps))
}

/** `before` and `after` say what it is for. */
export function noiseTargetOption({
  before = '',
  after = '',
}: {
  before?: string
  after?: string
} = {}): Option {
  return option('--noise-target <name>', `${before}${listed(NOISE_TARGETS)}${after}`, parse.noiseTarget)
}

export function seedOption(): Option {
  return option('--seed <n>', 'seed of the noise (default: 0)', parse.seed)
}

/** What rollouts run on. */
export function engineOptions(): Option[] {
  return [
    option(
      '--backend <name>',
      `${listed(backends)} (default: auto; 'ptrm doctor' tells its rule)`,
      parse.backend,
    ),
    option(
      '--workers <n>',
      "worker threads (default: one a core; 0: none, the command's own computes)",
      parse.within(SOLVER_RULES.workers),
    ),
  ]
}

/** How the onnx engines run. */
export function onnxOptions(): Option[] {
  return [
    option(
      '--slots <N>',
      'onnx: rollouts side by side in a session (default: 1 a core, 256 on CUDA)',
      parse.within(ONNX_RULES.slots),
    ),
    stepsPerRunOption('onnx: deep recursion steps a run; saves copies to a GPU (default: 1, 8 on CUDA)'),
    option(
      '--device <n,...>',
      'onnx-cuda: numbers of the GPUs, a session each (default: 0)',
      parse.listWithin(ONNX_RULES.devices),
    ),
    option('--fp16', 'onnx: matrix products in half precision'),
    option('--tf32', 'onnx-cuda: matrix products in 19 bits; faster, and further from the CPU'),
  ]
}

export function stepsPerRunOption(what: string): Option {
  return option('--steps-per-run <N>', what, parse.within(ONNX_RULES.stepsPerRun))
}

/** `--select`: how an answer is chosen. */
export function selectOption(): Option {
  return option('--select <name>', `${listed(SELECTIONS)} (default: verified)`, parse.select)
}

/** `--stop`: what ends a puzzle. */
export function stopOption(): Option {
  return option('--stop <rule>', `${parse.STOP_RULES} (default: first-verified)`, parse.stop)
}

/** A file of puzzles, where nothing else will do. */
export function puzzleFile(): Argument {
  return new Argument('<data>', 'file of puzzles')
}

/** `--redis`. */
export function redisOption(): Option {
  const url = option('--redis <url>', 'Redis or Valkey: redis://localhost:6379')
  return url.env('PTRM_REDIS').makeOptionMandatory()
}

export function runName(): Argument {
  return new Argument('<run>', 'name of the run')
}

/** `--kernel`: for figures that must be the same on every machine. */
export function kernelOption(otherwise = 'the fastest'): Option {
  const what = `${listed(KERNEL_VARIANTS)}, the former with the same bits on every machine (default: ${otherwise})`
  return option('--kernel <variant>', what, parse.kernel)
}

/** `--shard`; `before` says what it wants besides. */
export function shardOption(before = ''): Option {
  const what = 'only puzzles i, i + n, i + 2n, ..., counted from 0: a part that ptrm merge joins'
  return option('--shard <i/n>', `${before}${what}`, parse.shard)
}

/** `each`: what there is an object for, and more about it. */
export function jsonOption(each: string): Option {
  return option('--json', `one JSON object${each}`)
}

/** How puzzles come out: JSON, SVG files, or pictures in the terminal. `quiet` says what `--quiet` leaves of these. */
export function outputOptions({ json = '', quiet }: { json?: string; quiet?: string }): Option[] {
  return [
    jsonOption(` a puzzle (NDJSON)${json}`),
    option('--svg <file>', 'write the picture as SVG; of several puzzles, FILE-1, FILE-2, ...'),
    ...(quiet === undefined ? [] : [option('--quiet', quiet)]),
  ]
}

/** Whether pictures are coloured: stdout is a terminal that shows colours, and there is no `--no-color`. */
export function wantsColor({ color }: { readonly color: boolean }): boolean {
  return color && picocolors.isColorSupported && process.stdout.isTTY === true
}

/** `a, b or c`. Not by `Intl.ListFormat`, which takes longer to load than all commands. */
export function listed(names: Iterable<string>): string {
  const [last = '', ...before] = [...names].reverse()
  return before.length === 0 ? last : `${before.reverse().join(', ')} or ${last}`
}
