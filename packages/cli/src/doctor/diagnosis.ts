/** What this machine can run, what keeps it from the rest, and what `auto` takes on it. */
import type { Model } from '@ptrm/orchestrator'
import {
  type AutoThreshold,
  autoRule,
  type Diagnosis,
  diagnose,
  type EngineDiagnosis,
  stepCost,
} from '@ptrm/orchestrator/engines'
import { gib } from './units.ts'

export interface MachineDiagnosis {
  readonly found: Diagnosis
  /** Of `auto`, for the model that was tried. */
  readonly rule: readonly AutoThreshold[]
}

/** Tries every engine with the model. */
export async function diagnosisOf(model: Model): Promise<MachineDiagnosis> {
  const found = await diagnose(model)
  const isTied = model.config.tie !== undefined
  return { found, rule: autoRule({ flopsPerStep: stepCost(model).flops, isTied, cores: found.cores }) }
}

/** The fields that the JSON has had from its start, and the steps towards every engine that does not load. */
export function diagnosisRecord({ found: { remedies, ...found }, rule }: MachineDiagnosis): object {
  const from = (name: string) => rule.find(({ backend }) => backend === name)?.from?.count
  return {
    ...found,
    cudaSteps: remedies.find(({ backend }) => backend === 'onnx-cuda')?.steps ?? [],
    auto: { onnxFromRolloutSteps: from('onnx-cpu'), cudaFromRollouts: from('onnx-cuda') },
    remedies,
  }
}

/** For people; `model` is the name of the one that was tried. */
export function diagnosisText({ found, rule }: MachineDiagnosis, model: string): string {
  const { node, platform, cpu, cores, memoryBytes, gpus, engines, remedies } = found
  const lines = [
    `Node ${node}, ${platform}; ${cpu}, ${cores} cores, ${gib(memoryBytes)} GiB`,
    ...gpus.map((gpu) => `GPU ${gpu.name}, ${gib(gpu.memoryBytes)} GiB, driver ${gpu.driver}`),
    ...(gpus.length > 0 ? [] : ['no NVIDIA GPU found by nvidia-smi']),
    '',
    ...engines.map(engineLine),
    ...remedies.flatMap((remedy) => ['', `for ${remedy.for}:`, ...numbered(remedy.steps)]),
    '',
    `auto, for ${model}:`,
    ...rule.map((threshold) => `  ${ruleLine(threshold, found)}`),
  ]
  return `${lines.join('\n')}; --backend overrules\n`
}

function engineLine({ backend, detail, loads, msPerRolloutStep, reason }: EngineDiagnosis): string {
  const what = loads ? `yes  ${msPerRolloutStep!.toFixed(2)} ms a rollout-step` : `no   ${reason}`
  return `${backend.padEnd(10)} ${detail.padEnd(24)} ${what}`
}

function numbered(steps: readonly string[]): string[] {
  return steps.map((step, i) => `  ${i + 1}. ${step}`)
}

function ruleLine({ backend, words, from }: AutoThreshold, { engines }: Diagnosis): string {
  const loads = !from || engines.some((engine) => engine.backend === backend && engine.loads)
  return `${backend} ${loads ? words : 'never, as it does not load'}`
}
