/** Which runs of the bench on a GPU are looked into, operator by operator; gpu-profile.ts does it. */
import type { GpuModel, GpuModelName } from './gpu-models.ts'
import type { Provider } from './gpu-options.ts'
import { ContenderError, Contenders, engineCommand, type Profile } from './gpu-protocol.ts'
import { alignColumns } from './report.ts'

interface Wanted {
  readonly model: GpuModelName
  readonly slots: number
  readonly options: Readonly<Record<string, unknown>>
  /** Whether the host waits for each kernel, so that the operators' times are those of the GPU. */
  readonly waiting: boolean
}

/** A profile, or why there is none. */
export type FoundProfile = Wanted & (Profile | { readonly error: string })

const STEPS = 8
/** Milliseconds for one. */
const LIMIT = 15_000
const SHOWN_ROWS = 12

/** The most telling first. */
function wantedOf(provider: Provider): Wanted[] {
  const [few, many] = provider === 'cuda' ? [256, 1024] : [2, 4]
  const run = { stepsPerRun: STEPS, form: 'loop' } as const
  const [graph, host] = [
    { ...run, noise: 'graph' },
    { ...run, noise: 'host' },
  ]
  return [
    { model: 'tapa', slots: many, options: graph, waiting: true },
    { model: 'tapa', slots: many, options: graph, waiting: false },
    { model: 'tapa', slots: few, options: graph, waiting: false },
    { model: 'tapa', slots: many, options: { ...graph, fp16: true }, waiting: true },
    { model: 'tapa', slots: many, options: host, waiting: true },
    { model: 'tapa', slots: few, options: { ...graph, form: 'unrolled' }, waiting: false },
    { model: 'official', slots: few, options: graph, waiting: true },
  ]
}

/** One after the other, each in a process of its own kind, until `deadline` (by `performance.now()`). */
export async function findProfiles(
  provider: Provider,
  models: ReadonlyMap<GpuModelName, GpuModel>,
  deadline: number,
): Promise<FoundProfile[]> {
  const command = engineCommand(`onnx-${provider}`, false, 'profile')
  const processes = [false, true].map(
    (waiting) =>
      new Contenders('ptrm', {
        ...command,
        env: { ...command.env, CUDA_LAUNCH_BLOCKING: waiting ? '1' : undefined },
      }),
  )
  const found: FoundProfile[] = []
  try {
    for (const wanted of wantedOf(provider)) {
      const left = Math.min(LIMIT, deadline - performance.now())
      const process = processes[Number(wanted.waiting)]!
      found.push({ ...wanted, ...(await profileOf(wanted, models.get(wanted.model)!, process, left)) })
    }
  } finally {
    for (const process of processes) process.close()
  }
  return found
}

async function profileOf(
  { slots, options }: Wanted,
  { file, board, boards, sigma }: GpuModel,
  process: Contenders,
  left: number,
): Promise<Profile | { error: string }> {
  if (left <= 0) return { error: 'no time was left' }
  const opening = { name: 'profile', model: file, ...board, boards, options: { ...options, slots } }
  const request = { op: 'profile', ...opening, slots, steps: STEPS, sigma } as const
  try {
    return await process.ask<'profile'>(request, left)
  } catch (error) {
    if (error instanceof ContenderError) return { error: error.message }
    throw error
  }
}

/** The longest operators of each. */
export function profilesText(profiles: readonly FoundProfile[]): string {
  return profiles
    .map((one) => {
      const how = one.waiting ? 'the host waits for each kernel' : 'kernels beside the host'
      const head = `\nprofile: ${one.model}, ${one.slots} slots, ${JSON.stringify(one.options)}, ${how}`
      if ('error' in one) return `${head}: ${one.error}`
      const { wallMs, runMs, nodeMs, count, nodes } = one
      const times = `${wallMs.toFixed(1)} ms a pass, ${runMs.toFixed(1)} in the run, ${nodeMs.toFixed(1)} in ${count} nodes`
      const rows = nodes
        .slice(0, SHOWN_ROWS)
        .map(({ op, on, shapes, count: of, ms }) => [ms.toFixed(2), String(of), on, op, shapes])
      return `${head}: ${times}\n${alignColumns([['ms', 'nodes', 'on', 'operator', 'shapes'], ...rows])}`
    })
    .join('\n')
}
