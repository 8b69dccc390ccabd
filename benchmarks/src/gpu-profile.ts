/**
 * Where a run of the onnx engine spends its time, by operator and shape, from onnxruntime's own profile: a process that
 * answers the request `profile` (gpu-protocol.ts). Kernels run beside the host, so their times are true only where
 * CUDA_LAUNCH_BLOCKING=1 makes the host wait for each; without it the profile tells what the host itself does.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineProcess } from './gpu-engine.ts'
import type { NodeTime, Profile, Request } from './gpu-protocol.ts'
import { milliseconds, serve } from './gpu-serve.ts'

/** Operators whose time is that of the nodes in them. */
const CONTAINERS = new Set(['Loop', 'If', 'Scan'])
const MOST_ROWS = 300

/** An entry of onnxruntime's profile; times in microseconds. */
export interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args?: {
    readonly op_name?: string
    readonly provider?: string
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[]
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[]
  }
}

/** The nodes of the last run, those of an operator with the same inputs and outputs together, the longest first. */
export function nodeTimes(events: readonly ProfileEvent[]): { runMs: number; nodes: NodeTime[] } {
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run')
  const last = runs.at(-1)
  if (!last) throw new Error('the profile has no run')
  const nodes = new Map<string, { -readonly [Field in keyof NodeTime]: NodeTime[Field] }>()
  for (const { cat, name, ts, dur, args } of events) {
    const inside = ts >= last.ts && ts <= last.ts + last.dur
    if (cat !== 'Node' || !inside || !name.endsWith('_kernel_time')) continue
    const op = args?.op_name ?? name
    if (CONTAINERS.has(op)) continue
    const shapes = `${shown(args?.input_type_shape)} -> ${shown(args?.output_type_shape)}`
    const on = (args?.provider ?? '').replace('ExecutionProvider', '')
    const key = `${on} ${op} ${shapes}`
    const node = nodes.get(key) ?? { op, on, shapes, count: 0, ms: 0 }
    node.count += 1
    node.ms += dur / 1000
    nodes.set(key, node)
  }
  return { runMs: last.dur / 1000, nodes: [...nodes.values()].sort((a, b) => b.ms - a.ms) }
}

function shown(values: readonly Readonly<Record<string, readonly number[]>>[] = []): string {
  return values.map((value) => Object.entries(value).map(([type, shape]) => `${type}[${shape}]`)).join(' ')
}

/** onnxruntime-node, whose sessions write profiles from now on. */
async function profiling(prefix: string): Promise<{ end(): void }> {
  const { InferenceSession } = await import('onnxruntime-node')
  const opened: { endProfiling(): void }[] = []
  const create = InferenceSession.create as (
    graph: Uint8Array,
    options: object,
  ) => Promise<(typeof opened)[0]>
  // The engine opens its sessions itself and knows nothing of profiles.
  const noted = async (graph: Uint8Array, options: object) => {
    const session = await create.call(InferenceSession, graph, {
      ...options,
      enableProfiling: true,
      profileFilePrefix: prefix,
    })
    opened.push(session)
    return session
  }
  Object.assign(InferenceSession, { create: noted })
  return {
    end() {
      for (const session of opened) session.endProfiling()
      Object.assign(InferenceSession, { create })
    },
  }
}

async function profile(
  request: Extract<Request, { op: 'profile' }>,
  engine: EngineProcess,
): Promise<Profile> {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-profile-'))
  try {
    const profiler = await profiling(join(folder, 'run'))
    await engine.answer({ ...request, op: 'open' })
    const { name, slots, steps, sigma } = request
    const pass = { name, slots, steps, sigma }
    await engine.answer({ op: 'warm', ...pass })
    const wallMs = await milliseconds(() => engine.answer({ op: 'measure', seconds: 0, ...pass }))
    profiler.end()
    await engine.answer({ op: 'close', name })
    // A session that only checks a model writes one, too.
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    const longest = texts.toSorted((a, b) => b.length - a.length)[0]!
    const { runMs, nodes } = nodeTimes(JSON.parse(longest) as ProfileEvent[])
    const nodeMs = nodes.reduce((sum, { ms }) => sum + ms, 0)
    const count = nodes.reduce((sum, node) => sum + node.count, 0)
    return { wallMs, runMs, nodeMs, count, nodes: nodes.slice(0, MOST_ROWS) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const engine = new EngineProcess(process.argv[2] ?? 'onnx-cpu')
  await serve((request) => (request.op === 'profile' ? profile(request, engine) : engine.answer(request)))
}
