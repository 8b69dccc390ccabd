/** What `ptrm doctor` does: a diagnosis of this machine; with `--plan` what a job takes on a GPU; with `--install-cuda` that. */
import { loadModel, type NoiseTarget } from '@ptrm/orchestrator'
import { UsageError } from '../input.ts'
import { print, printJson } from '../run/output.ts'
import { diagnosisOf, diagnosisRecord, diagnosisText } from './diagnosis.ts'
import { gpuPlan, gpuPlanText } from './gpu-plan.ts'

export interface DoctorFlags {
  readonly model: string
  readonly plan?: readonly string[]
  readonly stepsPerRun: number
  readonly noiseTarget: NoiseTarget
  readonly size?: { readonly rows: number; readonly cols: number }
  /** GiB. */
  readonly memory?: number
  readonly installCuda?: boolean
  readonly from?: string
  readonly python: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Prints it. Throws `UsageError`, `ModelFormatError`, `BackendUnavailableError`. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  if (flags.installCuda) return (await import('./cuda/install-cuda.ts')).installCuda(flags)
  if (flags.from !== undefined || flags.dryRun)
    throw new UsageError('--from and --dry-run belong to --install-cuda')
  if (flags.plan) {
    const { name, rollouts } = jobOf(flags.plan)
    const plan = await gpuPlan((await loadModel(name)).model, { ...flags, model: name, rollouts })
    await (flags.json ? printJson(plan) : print(gpuPlanText(plan)))
  } else {
    const diagnosis = await diagnosisOf((await loadModel(flags.model)).model)
    const { json, model } = flags
    await (json ? printJson(diagnosisRecord(diagnosis)) : print(diagnosisText(diagnosis, model)))
  }
  return 0
}

/** `--plan sudoku 256`. */
function jobOf([name, rollouts, ...more]: readonly string[]): { name: string; rollouts: number } {
  if (name === undefined || rollouts === undefined || more.length > 0)
    throw new UsageError('--plan wants a model and K: --plan sudoku 256')
  if (!/^\d+$/.test(rollouts) || Number(rollouts) < 1)
    throw new UsageError(`--plan: K is '${rollouts}', wanted a whole number of at least 1`)
  return { name, rollouts: Number(rollouts) }
}
