/** What `ptrm doctor` does: a diagnosis of this machine; with `--plan` what a job takes on a GPU; with `--install-cuda` that. */
import { loadModel, type NoiseTarget } from '@ptrm/orchestrator'
import { DEFAULT_KIND } from '@ptrm/puzzles'
import { UsageError } from '../input.ts'
import { print, printJson } from '../run/output.ts'
import { diagnosisOf, diagnosisRecord, diagnosisText } from './diagnosis.ts'
import { gpuPlan, gpuPlanText } from './gpu-plan.ts'

export interface DoctorFlags {
  readonly model?: string
  readonly plan?: readonly string[]
  readonly stepsPerRun?: number
  readonly noiseTarget?: NoiseTarget
  readonly size?: { readonly rows: number; readonly cols: number }
  /** GiB. */
  readonly memory?: number
  readonly installCuda?: boolean
  readonly from?: string
  readonly python?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Prints it. Throws `UsageError`, `ModelFormatError`, `BackendUnavailableError`. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  refuseIdleOptions(flags)
  const { json, model = DEFAULT_KIND, stepsPerRun = 8, noiseTarget = 'zL', python = 'python3' } = flags
  if (flags.installCuda) return (await import('./cuda/install-cuda.ts')).installCuda({ ...flags, python })
  if (flags.plan) {
    const { name, rollouts } = jobOf(flags.plan)
    const job = { ...flags, model: name, rollouts, stepsPerRun, noiseTarget }
    const plan = await gpuPlan((await loadModel(name)).model, job)
    await (json ? printJson(plan) : print(gpuPlanText(plan)))
  } else {
    const diagnosis = await diagnosisOf((await loadModel(model)).model)
    await (json ? printJson(diagnosisRecord(diagnosis)) : print(diagnosisText(diagnosis, model)))
  }
  return 0
}

/** What the command may be asked for, and the options that only this one uses. */
const USES = [
  { use: '--install-cuda', of: ['from', 'python', 'dryRun'] },
  { use: '--plan', of: ['stepsPerRun', 'noiseTarget', 'size', 'memory'] },
] as const

/** Throws `UsageError` for an option that would change nothing. */
function refuseIdleOptions(flags: DoctorFlags): void {
  const asked = flags.installCuda ? '--install-cuda' : flags.plan ? '--plan' : undefined
  if (flags.installCuda && flags.plan)
    throw new UsageError('--plan and --install-cuda: ask for one at a time')
  if (asked !== undefined && flags.model !== undefined)
    throw new UsageError(`--model is for neither --plan, which names its own, nor --install-cuda`)
  for (const { use, of } of USES) {
    const idle = of.find((name) => flags[name] !== undefined)
    if (idle !== undefined && use !== asked) throw new UsageError(`${optionOf(idle)} belongs to ${use}`)
  }
}

/** `--dry-run` of `dryRun`. */
function optionOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** `--plan sudoku 256`. */
function jobOf([name, rollouts, ...more]: readonly string[]): { name: string; rollouts: number } {
  if (name === undefined || rollouts === undefined || more.length > 0)
    throw new UsageError('--plan wants a model and K: --plan sudoku 256')
  if (!/^\d+$/.test(rollouts) || Number(rollouts) < 1)
    throw new UsageError(`--plan: K is '${rollouts}', wanted a whole number of at least 1`)
  return { name, rollouts: Number(rollouts) }
}
