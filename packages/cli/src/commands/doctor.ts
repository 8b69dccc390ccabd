/** `ptrm doctor`: what this machine can run, what keeps it from the rest, and what a job would take on a GPU. */

import { type Model, readModel } from '@ptrm/core-wasm'
import { loadModelBytes, type NoiseTarget } from '@ptrm/orchestrator'
import type { AutoThreshold, Diagnosis, EngineDiagnosis } from '@ptrm/orchestrator/engines'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import { UsageError } from '../input.ts'
import { jsonOption, noiseTargetOption, stepsPerRunOption } from '../options/groups.ts'
import * as parse from '../options/parse.ts'

interface DoctorFlags {
  readonly model: string
  readonly plan?: readonly string[]
  readonly stepsPerRun: number
  readonly noiseTarget: NoiseTarget
  readonly memory?: number
  readonly json?: boolean
}

const HELP = `
Examples:
  ptrm doctor
  ptrm doctor --plan sudoku 256 --steps-per-run 8 --memory 24

Exit code: 0, whatever is missing; 2 for bad usage.
`

export const command: Command = declare({
  name: 'doctor',
  description: 'say what this machine can run, what to install for the rest, and what auto takes',
  options: [
    option('--model <name|file>', 'the model to try it with').default('sudoku'),
    option('--plan <model K...>', 'memory and copies of K rollouts of a model on a GPU'),
    stepsPerRunOption('for --plan: deep recursion steps in one run').default(1),
    noiseTargetOption({ before: 'for --plan: ' }).default('zL'),
    option('--memory <GiB>', "for --plan: the GPU's memory (default: as nvidia-smi says)", parse.positive),
    jsonOption(''),
  ],
  help: HELP,
  action: doctor,
})

/** Prints a diagnosis, or with `--plan` what a job takes. Throws `UsageError`, `ModelFormatError`. */
async function doctor(flags: DoctorFlags): Promise<number> {
  const [name, rollouts, ...more] = flags.plan ?? []
  if (flags.plan && (rollouts === undefined || more.length > 0))
    throw new UsageError('--plan wants a model and K: --plan sudoku 256')
  const model = readModel(await loadModelBytes(name ?? flags.model))
  const report = flags.plan
    ? await planOf(model, name!, countOf(rollouts!), flags)
    : await diagnosisOf(model, flags)
  process.stdout.write(flags.json ? `${JSON.stringify(report.json)}\n` : report.text)
  return 0
}

function countOf(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1) return value
  throw new UsageError(`--plan: K is '${text}', wanted a whole number of at least 1`)
}

interface Report {
  readonly json: object
  readonly text: string
}

async function diagnosisOf(model: Model, flags: DoctorFlags): Promise<Report> {
  const { autoRule, diagnose, stepCost } = await import('@ptrm/orchestrator/engines')
  const found = await diagnose(model)
  const rule = autoRule({ flopsPerStep: stepCost(model).flops, cores: found.cores })
  const lines = [`auto, for ${flags.model}:`, ...rule.map((threshold) => `  ${ruleLine(threshold, found)}`)]
  return { json: toJson(found, rule), text: `${describe(found)}\n${lines.join('\n')}; --backend overrules\n` }
}

function ruleLine({ backend, words, from }: AutoThreshold, { engines }: Diagnosis): string {
  const loads = !from || engines.some((engine) => engine.backend === backend && engine.loads)
  return `${backend} ${loads ? words : 'never, as it does not load'}`
}

/** The fields that the JSON has had from its start, and then some. */
function toJson({ remedies, ...found }: Diagnosis, rule: readonly AutoThreshold[]): object {
  const from = (name: string) => rule.find(({ backend }) => backend === name)?.from?.count
  return {
    ...found,
    cudaSteps: remedies.find(({ backend }) => backend === 'onnx-cuda')?.steps ?? [],
    auto: { onnxFromRolloutSteps: from('onnx-cpu'), cudaFromRollouts: from('onnx-cuda') },
  }
}

function describe(found: Diagnosis): string {
  const lines = [
    `Node ${found.node}, ${found.platform}; ${found.cpu}, ${found.cores} cores, ${gib(found.memoryBytes)} GiB`,
    ...(found.gpus.length > 0
      ? found.gpus.map(
          ({ name, memoryBytes, driver }) => `GPU ${name}, ${gib(memoryBytes)} GiB, driver ${driver}`,
        )
      : ['no NVIDIA GPU found by nvidia-smi']),
    '',
    ...found.engines.map(engineLine),
  ]
  for (const remedy of found.remedies)
    lines.push('', `for ${remedy.for}:`, ...remedy.steps.map((step, i) => `  ${i + 1}. ${step}`))
  return `${lines.join('\n')}\n`
}

function engineLine({ backend, detail, loads, msPerRolloutStep, reason }: EngineDiagnosis): string {
  const what = loads ? `yes  ${msPerRolloutStep!.toFixed(2)} ms a rollout-step` : `no   ${reason}`
  return `${backend.padEnd(10)} ${detail.padEnd(24)} ${what}`
}

/** Of CUDA itself, its libraries' code and workspaces: what is not the model's. A guess on the safe side. */
const CUDA_BYTES = 1.5 * 2 ** 30

async function planOf(model: Model, name: string, rollouts: number, flags: DoctorFlags): Promise<Report> {
  const { listGpus, stepCost } = await import('@ptrm/orchestrator/engines')
  const { measureNoiseMs, slotCost } = await import('@ptrm/orchestrator/onnx')
  const { stepsPerRun, noiseTarget } = flags
  const noises = noiseTarget === 'both' ? 2 : 1
  const slot = slotCost(model, { stepsPerRun, noises })
  const { flops } = stepCost(model)
  const { slotBytes } = slot
  const memoryBytes = flags.memory === undefined ? listGpus()[0]?.memoryBytes : flags.memory * 2 ** 30
  const fits =
    memoryBytes === undefined
      ? undefined
      : Math.max(0, Math.floor((memoryBytes - CUDA_BYTES - slot.weightBytes) / slotBytes))
  const noiseMs = noises * (await measureNoiseMs(model))
  const json = {
    model: name,
    rollouts,
    stepsPerRun,
    noiseTarget,
    ...slot,
    slotBytes,
    flops,
    memoryBytes,
    fits,
    noiseMs,
  }
  const text = [
    `${name}, ${rollouts} rollouts, ${stepsPerRun} ${stepsPerRun === 1 ? 'step' : 'steps'} a run, noise on ${noiseTarget}; counted, not measured on a GPU`,
    `  weights      ${mb(slot.weightBytes)} MB, once`,
    `  a slot       ${mb(slotBytes)} MB: ${mb(slot.ioBytes)} in and out, ${mb(slot.workBytes)} inside the graph, the rest for onnxruntime's arena`,
    `${`  ${rollouts} slots`.padEnd(15)}${mb(slot.weightBytes + rollouts * slotBytes)} MB with the weights`,
    fits === undefined
      ? '  slots that fit: no GPU found; name its memory with --memory GiB'
      : `  fit          ${fits} slots in ${gib(memoryBytes!)} GiB, ${gib(CUDA_BYTES)} of them left to CUDA`,
    `  copied       ${kb(slot.copiedBytes)} kB a slot and step, ${mb(rollouts * slot.copiedBytes)} MB a step of all`,
    `  computed     ${(flops / 1e9).toFixed(2)} GFLOP a slot and step, ${((rollouts * flops) / 1e9).toFixed(1)} a step of all`,
    `  noise        ${noiseMs.toFixed(2)} ms a slot and step on one of this machine's cores (measured now), ${(rollouts * noiseMs).toFixed(0)} ms a step of all; made while the step before runs`,
  ]
  return { json, text: `${text.join('\n')}\n` }
}

const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1)
const mb = (bytes: number) => (bytes / 1e6).toFixed(2)
const kb = (bytes: number) => (bytes / 1e3).toFixed(1)
