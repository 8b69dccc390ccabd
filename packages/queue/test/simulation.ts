/**
 * `npm run bench:queue`: a run of very many jobs whose puzzles take no time, so that all that is left is messages: jobs a
 * second, and for each job commands, Redis's own time and bytes, by one process that submits and several that work.
 * `--jobs 1000000 --processes 2 --record`.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Redis } from 'ioredis'
import { machineSlug, thisMachine } from '../../../benchmarks/src/machine.ts'
import { collect } from '../src/collect.ts'
import { connect } from '../src/redis.ts'
import { submit } from '../src/submit.ts'
import { work } from '../src/worker.ts'
import { TestRedis } from './redis-server.ts'
import { stubEngines } from './stub-engine.ts'

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1000000' },
    processes: { type: 'string', default: '2' },
    record: { type: 'boolean', default: false },
    work: { type: 'string' },
  },
})

/** What Redis counts. */
interface Count {
  readonly at: number
  readonly commands: number
  readonly memory: number
  /** Seconds of one core. */
  readonly cpu: number
}

async function countOf(redis: Redis): Promise<Count> {
  const info = await redis.info()
  const number = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)![1])
  const cpu = number('used_cpu_user') + number('used_cpu_sys')
  const [commands, memory] = [number('total_commands_processed'), number('used_memory')] as const
  return { at: performance.now(), commands, memory, cpu }
}

/** Between two counts, each by the second and by the job. */
function phase(name: string, jobs: number, before: Count, after: Count) {
  const seconds = (after.at - before.at) / 1000
  const figures = {
    phase: name,
    seconds: Math.round(seconds),
    jobsPerSecond: Math.round(jobs / seconds),
    commandsPerJob: Number(((after.commands - before.commands) / jobs).toFixed(1)),
    commandsPerSecond: Math.round((after.commands - before.commands) / seconds),
    redisMicrosecondsPerJob: Math.round(((after.cpu - before.cpu) / jobs) * 1e6),
    bytesPerJob: Math.round((after.memory - before.memory) / jobs),
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return figures
}

/** Different grids of Sudoku that the rules let be, a line each. */
function writePuzzles(path: string, count: number): void {
  const lines = Array.from({ length: count }, (_, i) => {
    const cells = Array<string>(81).fill('.')
    // A digit in each of seven rows, columns and boxes that do not meet: any seven digits are allowed.
    for (const [k, cell] of [0, 12, 24, 28, 40, 52, 56].entries())
      cells[cell] = `${(Math.floor(i / 9 ** k) % 9) + 1}`
    return cells.join('')
  })
  writeFileSync(path, `${lines.join('\n')}\n`)
}

async function simulate(jobs: number, processes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-simulation-'))
  const server = await TestRedis.start()
  const redis = await connect(server.url)
  const workers: ChildProcess[] = []
  try {
    const data = join(folder, 'puzzles.txt')
    writePuzzles(data, jobs)
    const counts = [await countOf(redis)]
    await submit(redis, data, { name: 'many', jobPuzzles: 1 })
    counts.push(await countOf(redis))
    for (let i = 0; i < processes; i++)
      workers.push(fork(fileURLToPath(import.meta.url), ['--work', server.url], { stdio: 'inherit' }))
    await Promise.all(workers.map((worker) => once(worker, 'exit')))
    counts.push(await countOf(redis))
    let records = 0
    for await (const _ of collect(redis, 'many')) records += 1
    counts.push(await countOf(redis))
    if (records !== jobs) throw new Error(`${records} records of ${jobs}`)
    const phases = ['submit', 'work', 'collect'].map((name, i) =>
      phase(name, jobs, counts[i]!, counts[i + 1]!),
    )
    if (values.record) record({ jobs, processes, phases, peakMemoryMB: Math.round(counts[1]!.memory / 1e6) })
  } finally {
    for (const worker of workers) worker.kill()
    redis.disconnect()
    await server.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

function record(figures: object): void {
  const machine = thisMachine()
  const date = new Date().toISOString().slice(0, 10)
  const name = `${date}-${machineSlug(machine)}-queue.json`
  const file = new URL(`../../../benchmarks/record/${name}`, import.meta.url)
  writeFileSync(file, `${JSON.stringify({ date, machine, ...figures }, null, 2)}\n`)
}

if (values.work === undefined) await simulate(Number(values.jobs), Number(values.processes))
else {
  const redis = await connect(values.work)
  await work(redis, { untilDone: true, engines: stubEngines() })
  redis.disconnect()
}
