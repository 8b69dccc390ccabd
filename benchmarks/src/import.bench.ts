/** `pnpm bench:import`: seconds and memory of `ptrm import` on a checkpoint of the official size, random weights. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { torchFile } from '../../packages/checkpoints/test/torch-file.ts'
import { OFFICIAL, randomTrm } from './random-trm.ts'
import { runBench, type Spread, showSpread, spread } from './report.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/ptrm.js', import.meta.url))
/** Makes Node say at its end how much memory it ever held, in KiB. */
const REPORT =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxRSS "+process.resourceUsage().maxRSS))'

interface Figures {
  readonly fileBytes: number
  /** Of the whole process, from its start to its end. */
  readonly seconds: Spread
  /** The most memory of the process, and that of `ptrm --version`, in bytes. */
  readonly peakBytes: Spread
  readonly idleBytes: Spread
  /** What importing adds, over the file's size. */
  readonly timesFile: Spread
}

async function bench(repeats: number, say: (text: string) => void): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-bench-'))
  try {
    const file = join(folder, 'official.pt')
    writeFileSync(file, officialCheckpoint())
    const { size } = statSync(file)
    const flags = [
      '--kind',
      'sudoku',
      '--h-cycles',
      '3',
      '--l-cycles',
      '6',
      '-o',
      join(folder, 'out.safetensors'),
    ]
    const runs = Array.from({ length: repeats }, () => {
      return { idle: ptrm(['--version']), full: ptrm(['import', file, ...flags]) }
    })
    const figures: Figures = {
      fileBytes: size,
      seconds: spread(runs.map(({ full }) => full.seconds)),
      peakBytes: spread(runs.map(({ full }) => full.bytes)),
      idleBytes: spread(runs.map(({ idle }) => idle.bytes)),
      timesFile: spread(runs.map(({ full, idle }) => (full.bytes - idle.bytes) / size)),
    }
    const mb = (bytes: Spread) => showSpread(scale(bytes, 1e-6), 0)
    say(
      `a .pt of ${(size / 1e6).toFixed(1)} MB (d 512, T 97, 2 layers, f32), ${repeats} times, median (min..max)`,
    )
    say(`  ${showSpread(figures.seconds, 2)} s, process start and end included`)
    say(`  ${mb(figures.peakBytes)} MB at most; 'ptrm --version' takes ${mb(figures.idleBytes)} MB`)
    say(`  importing adds ${showSpread(figures.timesFile, 2)} times the file's size`)
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function officialCheckpoint(): Uint8Array {
  const { tensors } = randomTrm(OFFICIAL, 1)
  return torchFile(
    [...tensors].map(([name, { shape, data }]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      return { name: `_orig_mod.model.inner.${name}`, shape, bytes, count: data.length }
    }),
  )
}

function ptrm(args: readonly string[]): { seconds: number; bytes: number } {
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--import', REPORT, BIN, ...args], {
    encoding: 'utf8',
  })
  const seconds = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`ptrm ${args[0]} failed: ${stderr}`)
  return { seconds, bytes: 1024 * Number(/maxRSS (\d+)/.exec(stderr)![1]) }
}

function scale({ median, min, max }: Spread, factor: number): Spread {
  return { median: median * factor, min: min * factor, max: max * factor }
}

await runBench({ name: 'import', command: 'pnpm bench:import' }, bench)
