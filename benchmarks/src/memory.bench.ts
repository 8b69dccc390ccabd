/**
 * `pnpm bench:memory`: memory of a worker and of a slot in the kernel, on free weights and on dense ones; and memory that a
 * slot takes in onnxruntime's CPU provider, against what `ptrm doctor --plan` counts. Each point is a process of its own, as
 * only a process's most memory can be asked for.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { exportOnnx } from '@ptrm/checkpoints'
import { loadRuntime, openSession, slotCost } from '@ptrm/orchestrator/onnx'
import { BUNDLED, OFFICIAL, randomTrm } from './random-trm.ts'
import { alignColumns, runBench } from './report.ts'
import {
  type KernelMemory,
  measureKernelMemory,
  measureWorkers,
  memoryPoint,
  type WorkerMemory,
} from './wasm-memory.ts'

// One call of each kind is as much memory as many, and quicker.
const CASES = {
  'bundled size, dense': { ...BUNDLED, lCycles: 1 },
  'official size': { ...OFFICIAL, hCycles: 1, lCycles: 1 },
}
type CaseName = keyof typeof CASES
/** Batches whose difference is taken, so that what does not depend on the batch cancels. */
const BATCHES: Readonly<Record<CaseName, readonly [number, number]>> = {
  'bundled size, dense': [256, 1024],
  'official size': [64, 192],
}
const STEPS = [1, 4]

interface Row {
  readonly model: string
  readonly stepsPerRun: number
  readonly measuredBytes: number
  /** Inputs, outputs and the values inside the graph, without the arena's share. */
  readonly countedBytes: number
  readonly ratio: number
}

interface MemoryRecord {
  readonly kernel: readonly KernelMemory[]
  readonly workers: readonly WorkerMemory[]
  readonly rows: readonly Row[]
}

async function bench(repeats: number, say: (text: string) => void): Promise<MemoryRecord> {
  const self = fileURLToPath(import.meta.url)
  const kernel = measureKernelMemory([self, '--kernel-point'])
  const workers = measureWorkers([self, '--kernel-point'], Math.min(3, repeats))
  sayKernel(kernel, workers, say)
  const rows = (Object.keys(CASES) as CaseName[]).flatMap((name) =>
    STEPS.map((stepsPerRun) => measure(name, stepsPerRun, repeats)),
  )
  say("\nonnxruntime's CPU provider")
  say(
    alignColumns([
      ['', 'steps a run', 'MB a slot', 'counted', 'ratio'],
      ...rows.map((row) => [
        row.model,
        String(row.stepsPerRun),
        mb(row.measuredBytes),
        mb(row.countedBytes),
        row.ratio.toFixed(2),
      ]),
    ]),
  )
  return { kernel, workers, rows }
}

const mb = (bytes: number | undefined) => (bytes === undefined ? '' : (bytes / 1e6).toFixed(2))

function sayKernel(
  kernel: readonly KernelMemory[],
  workers: readonly WorkerMemory[],
  say: (text: string) => void,
): void {
  say('The kernel: wasm memory with one slot, and of each further slot')
  say(
    alignColumns([
      ['', 'board', 'weights', 'MB', 'MB a slot'],
      ...kernel.map(({ kind, side, form, workerBytes, slotBytes }) => [
        ...[kind, `${side}x${side}`, form, mb(workerBytes), mb(slotBytes)],
      ]),
    ]),
  )
  for (const { kind, rssBytes } of workers)
    say(`a further worker of a ${kind} solver: ${mb(rssBytes)} MB of RSS, its thread included`)
}

function measure(model: CaseName, stepsPerRun: number, repeats: number): Row {
  const [few, many] = BATCHES[model]
  // The least of several: other allocations only ever add.
  const least = (batch: number) =>
    Math.min(...Array.from({ length: Math.min(3, repeats) }, () => peakBytes(model, batch, stepsPerRun)))
  const measuredBytes = (least(many) - least(few)) / (many - few)
  const { config, tensors } = randomTrm(CASES[model], 1)
  const { ioBytes, workBytes } = slotCost(
    { kind: 'sudoku', config, tensors, recommended: {} },
    { stepsPerRun },
  )
  const countedBytes = ioBytes + workBytes
  return { model, stepsPerRun, measuredBytes, countedBytes, ratio: measuredBytes / countedBytes }
}

function peakBytes(model: CaseName, batch: number, stepsPerRun: number): number {
  const args = [fileURLToPath(import.meta.url), '--point', model, String(batch), String(stepsPerRun)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`a run of ${batch} slots failed: ${stderr}`)
  return Number(stdout)
}

/** One run of one batch in this process; prints the most memory that it ever held, in bytes. */
async function point(model: CaseName, batch: number, stepsPerRun: number): Promise<void> {
  const { config, tensors } = randomTrm(CASES[model], 1)
  const runtime = await loadRuntime()
  const options = stepsPerRun === 1 ? ({ noise: 'none' } as const) : { steps: stepsPerRun }
  const graph = exportOnnx({ kind: 'sudoku', config, tensors, recommended: {} }, options)
  const session = await openSession(runtime, graph, { provider: 'cpu', threads: 1 })
  const latent = [batch, config.prefix + config.seqLen, config.hiddenSize]
  const floats = (dims: number[]) =>
    new runtime.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b)).fill(0.1), dims)
  const tokens = new runtime.Tensor('int64', new BigInt64Array(batch * config.seqLen), [batch, config.seqLen])
  const noise = stepsPerRun === 1 ? {} : { noise: floats([stepsPerRun, ...latent]) }
  await session.run({ tokens, z_H: floats(latent), z_L: floats(latent), ...noise }, [
    'z_H_out',
    'z_L_out',
    'answer',
    'q',
  ])
  process.stdout.write(String(1024 * process.resourceUsage().maxRSS))
}

if (process.argv[2] === '--kernel-point')
  process.stdout.write(String(await memoryPoint(process.argv.slice(3))))
else if (process.argv[2] === '--point') {
  const [model, batch, stepsPerRun] = process.argv.slice(3)
  await point(model as CaseName, Number(batch), Number(stepsPerRun))
} else await runBench({ name: 'memory', command: 'pnpm bench:memory' }, bench)
