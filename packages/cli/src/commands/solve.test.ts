/** What `ptrm solve` prints, writes and returns. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN, EASY, objects, ptrm, SOLUTION, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()

describe('ptrm solve', () => {
  it('draws a solved puzzle and exits with 0', () => {
    const { stdout, stderr, status } = ptrm(['solve', EASY])
    expect(status).toBe(0)
    expect(stdout).toContain('solved (rollout')
    expect(stdout).toContain('│ 5 2·8 │·1·9·4 │·6·3 7 │')
    expect(stderr).toContain('solved 1 of 1 = 100.0%')
  })

  it('streams NDJSON in input order from stdin, with bad entries in their place', () => {
    const { stdout, stderr, status } = ptrm(
      ['solve', '-', '--json'],
      `id,puzzle\na,${EASY}\nb,12\nc,${EASY}\n`,
    )
    const lines = objects(stdout)
    expect(lines.map(({ status }) => status)).toEqual(['verified', 'bad-input', 'verified'])
    expect(lines[0]).toMatchObject({
      id: 'a',
      answer: SOLUTION,
      plan: { steps: 32, seed: '0' },
      select: 'verified',
    })
    expect(stderr).toContain('<stdin>:3:5: expected 81 cells, found 2')
    expect(status).toBe(2)
  })

  it('writes an SVG, and answers alone with --quiet', () => {
    const svg = join(folder, 'a.svg')
    const { stdout, stderr } = ptrm(['solve', EASY, '--quiet', '--svg', svg])
    expect(stdout).toBe(`${SOLUTION}\n`)
    expect(stderr).toBe('')
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /)
  })

  it('writes one SVG a puzzle, numbered by its place in the input', () => {
    const svg = join(folder, 'many.svg')
    const { status } = ptrm(['solve', '-', '--quiet', '--svg', svg], `${EASY}\n12\n\n${EASY}\n`)
    expect(status).toBe(2)
    expect(readdirSync(folder).filter((name) => name.startsWith('many'))).toEqual([
      'many-1.svg',
      'many-3.svg',
    ])
  })

  it('exits with 1 when a puzzle stays unsolved', () => {
    const { stdout, status } = ptrm(['solve', EASY, '--rollouts', '1', '--steps', '1'])
    expect(status).toBe(1)
    expect(stdout).toMatch(/NOT solved .*; 1 rollout, 1 step, /)
  })

  it('names the unsolved on stderr with --quiet, whose answers say nothing of it', () => {
    const unsolved = ['--rollouts', '1', '--steps', '1', '--quiet']
    const { stdout, stderr, status } = ptrm(['solve', '-', ...unsolved], `${EASY}\n${EASY}\n`)
    expect(stdout).toMatch(/^\d{81}\n\d{81}\n$/)
    expect([stderr, status]).toEqual(['<stdin>:1: NOT solved\n<stdin>:2: NOT solved\n', 1])
    expect(ptrm(['solve', EASY, ...unsolved, '--json']).stderr).toBe('')
  })

  it('reads a URL, and stops by q or by deadline', () => {
    const url = ptrm([
      'solve',
      'https://puzz.link/p?sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g',
      '--quiet',
    ])
    expect(url.stdout).toBe(`${SOLUTION}\n`)
    const q = ptrm(['solve', EASY, '--stop', 'q-above:2', '--json'])
    expect(JSON.parse(q.stdout)).toMatchObject({ stoppedBy: 'rule', plan: { stop: { qAbove: 2 } } })
    const late = ptrm([
      'solve',
      '.'.repeat(81),
      '--json',
      '--stop',
      'all',
      '--rollouts',
      '9999',
      '--deadline',
      '300ms',
    ])
    expect(JSON.parse(late.stdout)).toMatchObject({ stoppedBy: 'deadline' })
  })

  it('spends rollouts as an adaptive rule says, without the rules and with them', () => {
    const solve = (...args: string[]) => {
      const { stdout } = ptrm(['solve', EASY, '--json', '--workers', '1', ...args])
      return JSON.parse(stdout)
    }
    expect(solve('--stop', 'adaptive:0.01', '--select', 'best-q')).toMatchObject({
      status: 'verified',
      answer: SOLUTION,
      stoppedBy: 'rule',
      plan: { stop: { adaptive: { until: { error: 0.01 } } } },
    })
    const pruned = solve('--stop', 'adaptive,prune:1:99', '--rollouts', '2')
    expect(pruned).toMatchObject({ stats: { steps: 2 }, plan: { stop: { adaptive: { until: 'verified' } } } })
    const { stderr, status } = ptrm(['solve', EASY, '--stop', 'adaptive:1'])
    expect(stderr).toContain('adaptive:0.01')
    expect(status).toBe(2)
    for (const rule of ['adaptive:0.5', 'adaptive:0.0', 'adaptive,prune:0:1'])
      expect(ptrm(['solve', EASY, '--stop', rule]).stderr).toMatch(
        /'--stop <rule>' argument .* ERROR is above 0 and below 0\.5/,
      )
  })

  it('comes to the same rollouts without workers', () => {
    const solve = (workers: string) => {
      const plan = ['--rollouts', '3', '--steps', '4', '--stop', 'all']
      const { stdout } = ptrm(['solve', '-', '--json', ...plan, '--workers', workers], `${EASY}\n${EASY}\n`)
      expect(objects(stdout)).toHaveLength(2)
      return stdout.replaceAll(/"ms":[\d.]+/g, '')
    }
    expect(solve('0')).toBe(solve('2'))
  })

  it.each([
    ['an entry that is none', '12'],
    ['a puzzle of a kind without a model', '{"kind":"solo","puzzle":"12"}'],
  ])('begins with %s, without workers too', (_, first) => {
    const { stdout, status } = ptrm(['solve', '-', '--json', '--workers', '0'], `${first}\n${EASY}\n`)
    expect([objects(stdout).map(({ status }) => status), status]).toEqual([['bad-input', 'verified'], 2])
  })

  it('reads from a pipe in place of a file', () => {
    const { stdout } = spawnSync(
      'bash',
      ['-c', `"${process.execPath}" "${BIN}" solve <(echo ${EASY}) --quiet`],
      {
        encoding: 'utf8',
      },
    )
    expect(stdout).toBe(`${SOLUTION}\n`)
  })

  it('solves on its CPU provider, by the same plan', () => {
    const { stdout, status } = ptrm(['solve', EASY, '--backend', 'onnx-cpu', '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified', answer: SOLUTION })
  })
})

describe('ptrm solve with options that its engine can not use', () => {
  it.each([
    [['--backend', 'wasm', '--fp16'], '--fp16 is for onnx engines, and this runs on wasm'],
    [['--backend', 'wasm', '--slots', '4'], '--slots is for onnx engines'],
    [['--backend', 'onnx-cpu', '--device', '5'], '--device is for onnx-cuda, and this runs on onnx-cpu'],
    [['--backend', 'onnx-cpu', '--tf32'], '--tf32 is for onnx-cuda'],
    [['--shard', '0/2', '--json', '--steps-per-run', '8'], '--steps-per-run is for onnx engines'],
  ])('refuses %j', (flags, reason) => {
    const { stdout, stderr, status } = ptrm(['solve', EASY, ...flags])
    expect([stdout, stderr, status]).toEqual(['', expect.stringContaining(reason), 2])
  })

  it('leaves them to auto, which may come to one that can', () => {
    expect(ptrm(['solve', EASY, '--quiet', '--slots', '4', '--fp16']).stdout).toBe(`${SOLUTION}\n`)
  })
})

describe('ptrm solve on pencil puzzles', () => {
  const file = new URL('../../../../examples/pencil.txt', import.meta.url).pathname

  it('solves the examples, each kind by its own model', () => {
    const { stdout, status } = ptrm(['solve', file, '--json', '--seed', '1'])
    const found = objects(stdout)
    expect(found.map(({ kind, status }) => `${kind} ${status}`)).toEqual(
      ['lightup', 'tapa', 'shakashaka', 'nurikabe', 'heyawake'].flatMap((kind) =>
        Array(2).fill(`${kind} verified`),
      ),
    )
    expect(status).toBe(0)
  })

  it('gives each board to the model of its kind that takes it', () => {
    const boards = [
      'https://puzz.link/p?heyawake/6/6/aaaeee00pg681h1g100',
      'https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h',
    ]
    const input = `${boards.join('\n')}\n`
    const { stdout, stderr, status } = ptrm(['solve', '-', '--json', '--seed', '1'], input)
    expect(objects(stdout).map(({ status }) => status)).toEqual(['verified', 'verified'])
    expect([status, stderr]).toEqual([0, expect.stringContaining('solved 2 of 2')])
    const one = ptrm(['solve', '-', '--model', 'heyawake-2'], input)
    expect(one.status).toBe(2)
    expect(one.stderr).toContain('this model takes boards of at most 10x10; the bundled heyawake-3 takes it')
  })
})
