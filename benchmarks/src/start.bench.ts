/**
 * `pnpm bench:start`: `ptrm solve` of one Sudoku from the shell (process, load, answer) against `ptrm --version` and Node by
 * itself, in turn. Wall time of the command as it is; CPU time of all its threads in runs of their own, as asking for it
 * takes time.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { alignColumns, runBench, type Spread, showSpread, spread } from './report.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/ptrm.js', import.meta.url))
/** An easy one, of the README. */
const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'
/** Makes Node say at its end how much CPU time it took, in microseconds. */
const REPORT =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();process.stderr.write("cpu "+(user+system))})'

interface Command {
  readonly name: string
  readonly args: readonly string[]
  /** In its output. */
  readonly wanted: string
}

const COMMANDS: readonly Command[] = [
  { name: 'ptrm --version', args: [BIN, '--version'], wanted: '.' },
  { name: 'ptrm solve', args: [BIN, 'solve', PUZZLE], wanted: 'solved 1 of 1' },
  { name: 'ptrm solve --quiet', args: [BIN, 'solve', PUZZLE, '--quiet'], wanted: SOLUTION },
  { name: "node -e ''", args: ['-e', ''], wanted: '' },
]

interface Row {
  readonly name: string
  readonly wallMs: Spread
  readonly cpuMs: Spread
  /** To `ptrm --version` of the same repeat. */
  readonly wallRatio: Spread
  readonly cpuRatio: Spread
}

interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
}

async function bench(repeats: number, say: (text: string) => void): Promise<{ rows: Row[] }> {
  // Fills the compile cache.
  for (const command of COMMANDS) sample(command)
  const samples = COMMANDS.map((): Sample[] => [])
  for (let repeat = 0; repeat < repeats; repeat++)
    for (let turn = 0; turn < COMMANDS.length; turn++) {
      const i = (repeat + turn) % COMMANDS.length
      samples[i]!.push(sample(COMMANDS[i]!))
    }
  const rows = COMMANDS.map(({ name }, i): Row => {
    const of = (field: keyof Sample) => samples[i]!.map((one) => one[field])
    const ratio = (field: keyof Sample) => spread(of(field).map((ms, k) => ms / samples[0]![k]![field]))
    return {
      ...{ name, wallMs: spread(of('wallMs')), wallRatio: ratio('wallMs') },
      ...{ cpuMs: spread(of('cpuMs')), cpuRatio: ratio('cpuMs') },
    }
  })
  say(`${repeats} times each, in turn: median (min..max), and the ratio to the first of the same turn`)
  say(alignColumns([['', 'ms', 'ratio', 'ms of CPU time', 'ratio'], ...rows.map(cells)]))
  return { rows }
}

function cells({ name, wallMs, wallRatio, cpuMs, cpuRatio }: Row): string[] {
  return [
    name,
    ...[showSpread(wallMs, 0), showSpread(wallRatio, 2), showSpread(cpuMs, 0), showSpread(cpuRatio, 2)],
  ]
}

function sample(command: Command): Sample {
  const started = performance.now()
  run(command)
  const wallMs = performance.now() - started
  const cpuMs = Number(/cpu (\d+)$/.exec(run(command, ['--import', REPORT]))![1]) / 1000
  return { wallMs, cpuMs }
}

/** All that it said. Throws where it failed or did not say what it should. */
function run({ name, args, wanted }: Command, flags: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...args], { encoding: 'utf8' })
  const said = stdout + stderr
  if (status !== 0 || !said.includes(wanted)) throw new Error(`${name} ended with ${status}: ${said}`)
  return said
}

await runBench({ name: 'start', command: 'pnpm bench:start' }, bench)
