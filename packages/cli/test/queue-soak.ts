/**
 * `npm run soak:queue`: 2,000 puzzles, three workers of which twenty are killed at random moments, and a Redis that is
 * killed once, against one machine without a queue. Ends with 1 where a byte differs. `--record` keeps the figures.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machineSlug, thisMachine } from '../../../benchmarks/src/machine.ts'
import { TestRedis } from '../../queue/test/redis-server.ts'
import { ptrm } from './command.ts'
import { exactly, Fleet, randoms, untilDone } from './queue-fleet.ts'

const { values } = parseArgs({
  options: {
    puzzles: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    record: { type: 'boolean', default: false },
  },
})
const [puzzles, kills, seed] = [values.puzzles, values.kills, values.seed].map(Number) as [
  number,
  number,
  number,
]
const HOUR = 3_600_000
const PLAN = ['--rollouts', '4', '--steps', '8', '--seed', '5']
const WORKERS = 3

/** The Sudokus of the examples, then the same with other digits in place of theirs, and so on. */
function manyPuzzles(count: number): string[] {
  const read = (name: string) =>
    readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
  const all = ['sudoku-test-300.csv', 'sudoku-dev-200.csv'].flatMap(read).map((line) => line.split(',')[1]!)
  return Array.from({ length: count }, (_, i) => {
    const shift = Math.floor(i / all.length)
    const turned = (digit: string) => `${((Number(digit) - 1 + shift) % 9) + 1}`
    return all[i % all.length]!.replaceAll(/[1-9]/g, turned)
  })
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The bytes of a run over workers that are killed, and what they said. */
async function overWorkers(
  data: string,
): Promise<{ exact: string; longestBlockMs: number; seconds: number }> {
  const redis = await TestRedis.start()
  const fleet = new Fleet(redis.url, ['--workers', '1', '--lease', '3s'])
  try {
    const started = performance.now()
    ptrm(['submit', data, '--redis', redis.url, '--name', 'soak', ...PLAN, '--job', '500ms'])
    fleet.add(WORKERS)
    const random = randoms(seed)
    for (let kill = 0; kill < kills; kill++) {
      await untilDone(redis.url, 'soak', Math.floor(((kill + random()) / (kills + 1)) * puzzles))
      await fleet.killOne(random)
      fleet.add(1)
      if (kill === Math.floor(kills / 2)) {
        await redis.kill()
        await redis.begin()
      }
      say(`${kill + 1} of ${kills} kills, ${((performance.now() - started) / 1000).toFixed(0)} s`)
    }
    const { stdout, stderr } = ptrm(['collect', 'soak', '--redis', redis.url, '--quiet'], '', HOUR)
    if (stderr !== '') say(stderr)
    const seconds = (performance.now() - started) / 1000
    say(ptrm(['status', 'soak', '--redis', redis.url]).stdout)
    await fleet.end()
    const blocks = [...fleet.said.matchAll(/at most (\d+) ms/g)].map(([, ms]) => Number(ms))
    return { exact: exactly(stdout), longestBlockMs: Math.max(...blocks), seconds: Math.round(seconds) }
  } finally {
    await fleet.end()
    await redis.end()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'ptrm-queue-soak-'))
try {
  const data = join(folder, 'puzzles.txt')
  writeFileSync(data, `${manyPuzzles(puzzles).join('\n')}\n`)
  const started = performance.now()
  const solve = ['solve', data, ...PLAN, '--exact', '--kernel', 'simd128', '--json', '--quiet']
  const alone = ptrm(solve, '', HOUR)
  const aloneSeconds = Math.round((performance.now() - started) / 1000)
  const lines = alone.stdout.trimEnd().split('\n').length
  const solved = alone.stdout.split('"status":"verified"').length - 1
  say(`one machine: ${lines} puzzles, ${solved} solved, ${aloneSeconds} s`)
  const { exact, longestBlockMs, seconds } = await overWorkers(data)
  const isSame = exact === exactly(alone.stdout) && lines === puzzles
  say(`${WORKERS} workers, ${kills} killed: ${seconds} s; ${isSame ? 'the same bytes' : 'OTHER BYTES'}`)
  if (values.record) {
    const machine = thisMachine()
    const date = new Date().toISOString().slice(0, 10)
    const figures = {
      puzzles,
      solved,
      workers: WORKERS,
      kills,
      redisKills: 1,
      seed,
      isSame,
      aloneSeconds,
      seconds,
      longestBlockMs,
    }
    const file = new URL(
      `../../../benchmarks/record/${date}-${machineSlug(machine)}-queue-soak.json`,
      import.meta.url,
    )
    writeFileSync(file, `${JSON.stringify({ date, machine, ...figures }, null, 2)}\n`)
  }
  process.exitCode = isSame ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
