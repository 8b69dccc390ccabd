/** Runs over processes that really solve, some of which are killed: the bytes of one machine, however they are worked on. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasNoRedis, TestRedis } from '../../../queue/test/redis-server.ts'
import { BIN, EASY, objects, ptrm, testFolder } from '../../test/ptrm.ts'
import { exactly, Fleet, randoms, untilDone } from '../../test/queue-fleet.ts'

const folder = testFolder()
const data = join(folder, 'data.csv')
const lines = readFileSync(new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url), 'utf8').split(
  '\n',
)
// Bad entries among them: one that can't be read, one that breaks the rules itself.
writeFileSync(data, [...lines.slice(0, 41), 'x,12,,,', `y,55${EASY.slice(2)},,,`].join('\n'))
const PLAN = ['--rollouts', '4', '--steps', '8', '--seed', '5']
const KILL_SEED = 7

describe.skipIf(hasNoRedis())('a run over many workers', () => {
  let redis: TestRedis
  let whole: string
  beforeAll(async () => {
    redis = await TestRedis.start()
    const solved = ptrm([
      'solve',
      data,
      ...PLAN,
      '--exact',
      '--kernel',
      'simd128',
      '--json',
      '--workers',
      '1',
    ])
    expect(solved.status).toBe(2)
    whole = exactly(solved.stdout)
    expect(objects(whole)).toHaveLength(42)
    expect(new Set(objects(whole).map(({ status }) => status))).toEqual(
      new Set(['verified', 'unsolved', 'bad-input']),
    )
  })
  afterAll(() => redis?.end())

  const submit = (name: string, ...flags: string[]) =>
    ptrm(['submit', data, '--redis', redis.url, '--name', name, ...PLAN, '--job', '100ms', ...flags])
  const collect = (name: string, ...flags: string[]) =>
    ptrm(['collect', name, '--redis', redis.url, ...flags])
  const names = () => objects(ptrm(['status', '--redis', redis.url, '--json']).stdout).map(({ run }) => run)
  const fleet = () => new Fleet(redis.url, ['--workers', '1', '--lease', '1s'])

  /** Collects what a fleet works on, while `meanwhile` goes on. */
  async function worked(
    name: string,
    workers: number,
    meanwhile: (fleet: Fleet) => Promise<void>,
  ): Promise<string> {
    expect(submit(name)).toMatchObject({ status: 0, stderr: expect.stringContaining('42 puzzles') })
    const some = fleet()
    some.add(workers)
    try {
      await meanwhile(some)
      const { stdout, status } = collect(name, '--quiet')
      expect(status).toBe(2)
      return exactly(stdout)
    } finally {
      await some.end()
    }
  }

  it('is the same of one worker', async () => {
    expect(await worked('one', 1, async () => {})).toBe(whole)
  })

  it('is the same of three workers, one of which is killed in the middle', async () => {
    const killed = worked('killed', 3, async (some) => {
      await untilDone(redis.url, 'killed', 8)
      await some.killOne(randoms(KILL_SEED))
    })
    expect(await killed).toBe(whole)
  })

  it('is the same of three workers and a Redis that is killed and begins again', async () => {
    const restarted = worked('restarted', 3, async () => {
      await untilDone(redis.url, 'restarted', 8)
      await redis.kill()
      await redis.begin()
    })
    expect(await restarted).toBe(whole)
  })

  it('is collected into a file that goes on', () => {
    const out = join(folder, 'out.ndjson')
    const first = whole.split('\n').slice(0, 3)
    const { stdout } = collect('one', '--quiet')
    const real = stdout.split('\n')
    writeFileSync(out, `${real.slice(0, 3).join('\n')}\n${real[3]!.slice(0, 20)}`)
    expect(collect('one', '--quiet', '-o', out).status).toBe(2)
    expect(readFileSync(out, 'utf8')).toBe(stdout)
    expect(exactly(stdout).split('\n').slice(0, 3)).toEqual(first)
    writeFileSync(out, real[0]!.slice(0, 20))
    expect(collect('one', '--quiet', '-o', out).status).toBe(2)
    expect(readFileSync(out, 'utf8')).toBe(stdout)
  })

  it.each([
    ['lines of something else', () => '{"kind":"sudoku"}\n', 'holds something else than run one'],
    ['a line without its end', () => '{"kind":"sudoku"}', 'holds something else than run one'],
    ['lines of something else, and half a line', () => 'a\nb\nc', 'holds something else than run one'],
    ['more lines than it has', () => `${whole}{}\n`, 'has more lines than run one has puzzles, which are 42'],
    ['more than it has', () => `${whole}{`, 'has more lines than run one has puzzles, which are 42'],
  ])('is not collected into a file with %s, which stays as it is', (_, text, message) => {
    const out = join(folder, 'others.ndjson')
    writeFileSync(out, text())
    const { stderr, status } = collect('one', '-o', out, '--remove')
    expect([stderr, status]).toEqual([expect.stringContaining(`${out} ${message}`), 2])
    expect(readFileSync(out, 'utf8')).toBe(text())
    expect(names()).toContain('one')
  })

  it.each([
    ['at once', 'true'],
    ['in the middle', '{ head -c 1; sleep 0.3; }'],
  ])('is not removed where its reader leaves %s', (_, reader) => {
    // More than a pipe holds, of records that come in one go and each name the file.
    const wide = join(folder, `${'w'.repeat(240)}.csv`)
    writeFileSync(wide, `id,puzzle\n${'x,12\n'.repeat(250)}`)
    expect(ptrm(['submit', wide, '--redis', redis.url, '--name', 'wide']).status).toBe(0)
    const args = [BIN, 'collect', 'wide', '--redis', redis.url, '--remove']
    const { stderr } = spawnSync('sh', ['-c', `"$0" "$@" | ${reader}`, process.execPath, ...args], {
      encoding: 'utf8',
    })
    expect([stderr, names()]).toEqual(['', expect.arrayContaining(['wide'])])
    expect(collect('wide', '--quiet', '--remove').stdout.split('\n')).toHaveLength(251)
  })

  it('is collected, and then removed', () => {
    const out = join(folder, 'removed.ndjson')
    expect(collect('one', '-o', out, '--remove')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^solved \d+ of 40, 2 unusable\n$/),
    })
    expect(collect('one').stderr).toContain('no run one; there are killed, restarted')
    expect(exactly(readFileSync(out, 'utf8'))).toBe(whole)
  })

  it('says how it stands', () => {
    expect(submit('waits').status).toBe(0)
    const { stdout, status } = ptrm(['status', '--redis', redis.url])
    expect(status).toBe(0)
    expect(stdout).toContain('waits: 1 of 42 puzzles of data.csv; 0 solved, 0 not, 1 unusable\n')
    expect(stdout).toMatch(/jobs: 0 at work, \d+ waiting, 0 to be tried again, 0 dead letters/)
    expect(submit('waits', '--seed', '6')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('run waits is there with plan'),
    })
  })

  it('wants a Redis', () => {
    expect(ptrm(['status', '--redis', 'redis://127.0.0.1:1'])).toMatchObject({
      status: 2,
      stderr: "ptrm: can't reach Redis at redis://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n",
    })
    expect(ptrm(['status']).stderr).toContain("required option '--redis <url>' not specified")
  })
})
