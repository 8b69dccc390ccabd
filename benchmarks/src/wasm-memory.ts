/** Memory of the kernel: of a worker and of a slot, on free weights and on the same written out dense. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { denseModel, loadKernel, type Model, readModel } from '@ptrm/core-wasm'
import { bundledModel } from '@ptrm/models'
import { createSolver } from '@ptrm/orchestrator'
import { devPuzzles } from './subjects.ts'

const CASES = [
  { kind: 'sudoku', side: 9 },
  { kind: 'lightup', side: 10 },
  { kind: 'lightup', side: 24 },
] as const
const FORMS = ['free', 'dense'] as const
/** So many that what a load leaves free does not hold them. */
const SLOTS = [512, 1024] as const
/** Where a slot's memory is not asked for: dense weights of a large board leave more free than slots fill. */
const MOST_DENSE_SIDE = 10
const WORKERS = [1, 5] as const

interface Point {
  readonly kind: (typeof CASES)[number]['kind']
  readonly side: number
  readonly form: (typeof FORMS)[number]
}

export interface KernelMemory extends Point {
  /** Wasm memory that holds the kernel, the model and one slot after a step; it never shrinks, so loading counts. */
  readonly workerBytes: number
  /** Of each further slot. */
  readonly slotBytes?: number
}

/** Memory of the process that each further worker of a solver takes, its thread and its share of JavaScript included. */
export interface WorkerMemory {
  readonly kind: string
  readonly rssBytes: number
}

/** Each point in a process of its own, this module's `main`. `command` starts it. */
export function measureKernelMemory(command: readonly string[]): KernelMemory[] {
  return CASES.flatMap(({ kind, side }) =>
    FORMS.map((form): KernelMemory => {
      const bytes = (slots: number) => ask(command, ['kernel', kind, String(side), form, String(slots)])
      const found = { kind, side, form, workerBytes: bytes(1) }
      if (form === 'dense' && side > MOST_DENSE_SIDE) return found
      const [few, many] = SLOTS
      return { ...found, slotBytes: (bytes(many) - bytes(few)) / (many - few) }
    }),
  )
}

/** The least of `repeats`: whatever else the process allocates only adds. */
export function measureWorkers(command: readonly string[], repeats: number): WorkerMemory[] {
  const [few, many] = WORKERS
  return (['sudoku', 'lightup'] as const).map((kind) => {
    const least = (workers: number) =>
      Math.min(...Array.from({ length: repeats }, () => ask(command, ['workers', kind, String(workers)])))
    return { kind, rssBytes: (least(many) - least(few)) / (many - few) }
  })
}

function ask(command: readonly string[], point: readonly string[]): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...command, ...point], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${point.join(' ')} failed: ${stderr}`)
  return Number(stdout)
}

/** One point in this process: its bytes. */
export async function memoryPoint([what, kind, ...rest]: readonly string[]): Promise<number> {
  if (what === 'workers') return workersBytes(kind as Point['kind'], Number(rest[0]))
  const [side, form, slots] = rest as [string, Point['form'], string]
  return kernelBytes({ kind: kind as Point['kind'], side: Number(side), form }, Number(slots))
}

async function kernelBytes({ kind, side, form }: Point, slots: number): Promise<number> {
  const free: Model = readModel(readFileSync(bundledModel(kind)!.weights))
  const { config, tensors } = form === 'free' ? free : denseModel(free, side, side)
  const kernel = await loadKernel({ variant: 'simd128' })
  using model = kernel.load(config, tensors, { slots })
  const board = { rows: side, columns: side, tokens: new Uint8Array(side * side).fill(1) }
  for (let slot = 0; slot < slots; slot++) model.start(slot, board)
  model.step(0)
  return model.latentView(0, 'zH').buffer.byteLength
}

async function workersBytes(kind: Point['kind'], workers: number): Promise<number> {
  const [puzzle] = devPuzzles(kind, 1) as [string]
  const solver = await createSolver({ model: kind, backend: 'wasm', workers })
  await solver.solve(puzzle, { rollouts: 8 * workers, steps: 4, stop: 'all' })
  await solver.close()
  return 1024 * process.resourceUsage().maxRSS
}
