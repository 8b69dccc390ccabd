/** What K rollouts of a model take on a GPU: memory, copies, arithmetic, noise. Counted, not measured there. */
import type { Model, NoiseTarget } from '@ptrm/orchestrator'
import { listGpus, stepCost, usualCells } from '@ptrm/orchestrator/engines'
import {
  measureNoiseMs,
  NOISE_AHEAD_BYTES,
  noiseMaker,
  type SlotCost,
  slotCost,
} from '@ptrm/orchestrator/onnx'
import { modelOfSize } from '../sized-model.ts'
import { GIB, gib, kb, mb } from './units.ts'

/** Of CUDA itself, its libraries' code and workspaces, a guess on the safe side; and noise that is made ahead. */
const CUDA_BYTES = 1.5 * GIB + NOISE_AHEAD_BYTES

export interface GpuJob {
  /** The model's name. */
  readonly model: string
  readonly rollouts: number
  readonly stepsPerRun: number
  readonly noiseTarget: NoiseTarget
  /** Rows and columns of the boards, where the model takes several; default 10x10. */
  readonly size?: { readonly rows: number; readonly cols: number } | undefined
  /** GiB of the GPU; default: of this machine's. */
  readonly memory?: number | undefined
}

/** As JSON: the fields of the job and of a slot beside these. */
export interface GpuPlan extends Omit<GpuJob, 'memory' | 'size'>, SlotCost {
  /** Cells of a board. */
  readonly cells: number
  /** Of a slot and step. */
  readonly flops: number
  /** Of the GPU; undefined where there is none. */
  readonly memoryBytes: number | undefined
  /** Slots that fit into it. */
  readonly fits: number | undefined
  /** Who makes the noise of so many steps a run. */
  readonly noise: 'graph' | 'host'
  /** Of a slot and step, on one of this machine's cores, where the host makes it. */
  readonly noiseMs: number | undefined
}

/** Throws `UsageError` for a board that the model does not take. */
export async function gpuPlan(free: Model, job: GpuJob): Promise<GpuPlan> {
  const model = await modelOfSize(free, job.size)
  const { stepsPerRun, noiseTarget, rollouts } = job
  const noises = noiseTarget === 'both' ? 2 : 1
  const noise = noiseMaker({ provider: 'cuda', stepsPerRun })
  const slot = slotCost(model, { stepsPerRun, noises, noise })
  const memoryBytes = job.memory === undefined ? listGpus()[0]?.memoryBytes : job.memory * GIB
  return {
    model: job.model,
    rollouts,
    stepsPerRun,
    noiseTarget,
    cells: usualCells(model.config),
    ...slot,
    flops: stepCost(model).flops,
    memoryBytes,
    fits: memoryBytes === undefined ? undefined : slotsIn(memoryBytes, slot),
    noise,
    noiseMs: noise === 'host' ? noises * (await measureNoiseMs(model)) : undefined,
  }
}

function slotsIn(memoryBytes: number, { weightBytes, slotBytes }: SlotCost): number {
  return Math.max(0, Math.floor((memoryBytes - CUDA_BYTES - weightBytes) / slotBytes))
}

export function gpuPlanText(plan: GpuPlan): string {
  const { model, rollouts, stepsPerRun, noiseTarget, cells, flops, memoryBytes, fits, noiseMs } = plan
  const { weightBytes, slotBytes, ioBytes, workBytes, copiedBytes } = plan
  const lines = [
    `${model} on boards of ${cells} cells, ${rollouts} rollouts, ${stepsPerRun} ${stepsPerRun === 1 ? 'step' : 'steps'} a run, noise on ${noiseTarget}; counted, not measured on a GPU`,
    `  weights      ${mb(weightBytes)} MB, once`,
    `  a slot       ${mb(slotBytes)} MB: ${mb(ioBytes)} in and out, ${mb(workBytes)} inside the graph, the rest for onnxruntime's arena`,
    `${`  ${rollouts} slots`.padEnd(15)}${mb(weightBytes + rollouts * slotBytes)} MB with the weights`,
    fits === undefined
      ? '  slots that fit: no GPU found; name its memory with --memory GiB'
      : `  fit          ${fits} slots in ${gib(memoryBytes!)} GiB, ${gib(CUDA_BYTES)} of them left to CUDA`,
    `  copied       ${kb(copiedBytes)} kB a slot and step, ${mb(rollouts * copiedBytes)} MB a step of all`,
    `  computed     ${(flops / 1e9).toFixed(2)} GFLOP a slot and step, ${((rollouts * flops) / 1e9).toFixed(1)} a step of all`,
    noiseMs === undefined
      ? '  noise        made in the graph'
      : `  noise        ${noiseMs.toFixed(2)} ms a slot and step on one of this machine's cores (measured now), ${(rollouts * noiseMs).toFixed(0)} ms a step of all, in front of each run`,
  ]
  return `${lines.join('\n')}\n`
}
