/** `ptrm merge`: shards of `solve` and `eval`, by the command, come to what one machine gives; anything else is refused. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AKARI, EASY, objects, ptrm, testFolder } from '../../test/ptrm.ts'

const folder = testFolder()
const at = (name: string) => join(folder, name)
const data = at('mixed.txt')
// A bad entry, one that contradicts itself, and two kinds.
writeFileSync(
  data,
  ['id,puzzle', `a,${EASY}`, `b,12`, `c,${AKARI}`, `d,55${EASY.slice(2)}`, `e,${EASY}`, ''].join('\n'),
)
const FLAGS = ['--json', '--exact', '--kernel', 'simd128', '--workers', '1', '--seed', '3']

/** Wall times differ from run to run. */
const exact = (ndjson: string) => ndjson.replaceAll(/"ms":[\d.]+/g, '"ms":0')

function solve(name: string, ...flags: string[]): string {
  const { stdout, status } = ptrm(['solve', data, ...FLAGS, ...flags])
  expect([0, 2]).toContain(status)
  writeFileSync(at(name), stdout)
  return at(name)
}

let files: string[]
beforeAll(() => {
  files = [0, 1].map((index) => solve(`${index}.ndjson`, '--shard', `${index}/2`))
})

describe('files of ptrm solve --shard', () => {
  it('come to the output of one machine, in any order', () => {
    const whole = ptrm(['solve', data, ...FLAGS])
    const merged = ptrm(['merge', ...files.toReversed()])
    expect(exact(merged.stdout)).toBe(exact(whole.stdout))
    expect(objects(merged.stdout)).toHaveLength(5)
    expect([merged.status, merged.stderr]).toEqual([whole.status, 'solved 3 of 3, in 2 shards\n'])
    expect(ptrm(['merge', ...files, '--quiet']).stderr).toBe('')
  })

  it('number entries as the whole input does, and say what is run', () => {
    const [head, ...records] = objects(readFileSync(files[1]!, 'utf8'))
    expect(head).toMatchObject({
      shard: { index: 1, of: 2 },
      run: { data: { name: 'mixed.txt', entries: 5 }, plan: { seed: '3', exact: true } },
    })
    expect(Object.keys(head.run.models)).toEqual(['lightup-3', 'sudoku-2'])
    expect(records.map(({ entry, status }) => [entry, status])).toEqual([
      [1, 'bad-input'],
      [3, 'bad-input'],
    ])
  })

  it('may be more than there are entries', () => {
    const many = Array.from({ length: 6 }, (_, index) => {
      const { stdout, status } = ptrm(['solve', data, ...FLAGS, '--shard', `${index}/6`])
      // Bad entries have their records: the shard is whole, and what is wrong is told where all are merged.
      expect([index, status]).toEqual([index, 0])
      writeFileSync(at(`many-${index}`), stdout)
      return at(`many-${index}`)
    })
    const merged = ptrm(['merge', ...many])
    expect(exact(merged.stdout)).toBe(exact(ptrm(['merge', ...files]).stdout))
  })

  it.each([
    ['one that is missing', () => [files[0]!], 'missing: shard 1/2'],
    ['one that is there twice', () => [...files, files[0]!], 'are both shard 0/2'],
    [
      'one of another run',
      () => [files[0]!, solve('seed.ndjson', '--seed', '4', '--shard', '1/2')],
      'plan.seed is "3" in',
    ],
    [
      'another kernel',
      () => [
        solve('kernel.ndjson', '--kernel', 'relaxed', '--shard', '0/2'),
        changed('other', 1, (text) => text.replace(/"kernel":"\w+"/, '"kernel":"other"')),
      ],
      'plan.kernel is "relaxed" in the first and "other" in the second',
    ],
    [
      'a half line at the end',
      () => [changed('half', 0, (text) => text.slice(0, -9)), files[1]!],
      'half:4: no whole record',
    ],
    [
      'one cut short',
      () => [changed('short', 0, (text) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)), files[1]!],
      'has 2 of the 3 entries of shard 0/2',
    ],
    [
      'lines that are doubled',
      () => [changed('double', 0, (text) => `${text}${text.trimEnd().split('\n').at(-1)}\n`), files[1]!],
      'double:5: entry 4 where the end was to come',
    ],
    [
      'lines of another shard',
      () => [files[0]!, changed('mixed', 1, (text) => text.replace('"entry":3', '"entry":2'))],
      'mixed:3: entry 2 where entry 3',
    ],
    ['an output that is no shard', () => [data], 'mixed.txt is no shard'],
    ['files and folders', () => [files[0]!, folder], 'merge the one or the other'],
  ])('are refused with %s, before anything is written', (_, given, message) => {
    const { stdout, stderr, status } = ptrm(['merge', ...given()])
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toContain(message)
  })

  it.each([
    [['--shard', '2/2'], 'with i from 0 to n - 1'],
    [['--shard', '0/2'], '--shard wants --json'],
    [['--shard', '0/2', '--json', '--svg', 'x.svg'], '--svg takes no --shard'],
  ])('%j is no shard', (flags, message) => {
    expect(ptrm(['solve', data, ...flags])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    })
  })

  it('can not be of stdin', () => {
    const { stderr, status } = ptrm(['solve', '-', '--json', '--shard', '0/2'], EASY)
    expect([status, stderr]).toEqual([2, expect.stringContaining('--shard reads a file')])
  })
})

function changed(name: string, index: number, change: (text: string) => string): string {
  const before = readFileSync(files[index]!, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(at(name), after)
  return at(name)
}

describe('run folders of ptrm eval --shard', () => {
  const kinds = at('kinds.txt')
  writeFileSync(kinds, `${[AKARI, EASY, EASY].join('\n')}\n`)
  const evaluate = (output: string, ...flags: string[]) =>
    ptrm([
      'eval',
      kinds,
      '-o',
      at(output),
      '--judge',
      'rules',
      '--rollouts',
      '2',
      '--steps',
      '2',
      '--kernel',
      'simd128',
      '--workers',
      '1',
      ...flags,
    ])

  it('come to the folders of one machine, kind by kind', () => {
    expect(evaluate('whole').status).toBe(0)
    const said = [0, 1].map((index) => evaluate(`part.${index}`, '--shard', `${index}/2`).stderr)
    expect(said[0]).toContain('shard 0/2 is done: 1 of 2 puzzles')
    const { stdout, stderr, status } = ptrm(['merge', at('part.0'), at('part.1'), '-o', at('joined')])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('## lightup')
    for (const kind of ['lightup', 'sudoku'])
      for (const name of ['run.json', 'results.json', 'results.csv'])
        expect(readFileSync(join(at('joined'), kind, name))).toEqual(
          readFileSync(join(at('whole'), kind, name)),
        )
  })

  it.each([
    ['a kind that the first lacks', 'lightup', 0, 'rest.0 has no run of lightup, as', 'rest.1 has'],
    ['a kind that another lacks', 'sudoku', 1, 'rest.1 has no run of sudoku, as', 'rest.0 has'],
    ['a kind that is not finished', 'sudoku', 1, '0 of 1 puzzles are done', 'rest.1/sudoku: '],
  ])('are refused for %s, before any kind is written', (what, kind, of, ...messages) => {
    for (const index of [0, 1]) cpSync(at(`part.${index}`), at(`rest.${index}`), { recursive: true })
    const run = join(at(`rest.${of}`), kind)
    if (what.includes('finished')) writeFileSync(join(run, 'puzzles.jsonl'), '')
    else rmSync(run, { recursive: true })
    const parts = [0, 1].map((index) => at(`rest.${index}`))
    const { stderr, status } = ptrm(['merge', ...parts, '-o', at('of-rest')])
    for (const message of messages) expect(stderr).toContain(message)
    expect([status, existsSync(at('of-rest'))]).toEqual([2, false])
  })

  it('are of one kind each, or of several', () => {
    const parts = [join(at('part.0'), 'sudoku'), at('part.1')]
    expect(ptrm(['merge', ...parts, '-o', at('x')]).stderr).toContain('merge the one or the other')
  })

  it('want a folder, and shards', () => {
    const merge = (...args: string[]) => ptrm(['merge', ...args]).stderr
    expect(merge(at('part.0'), at('part.1'))).toContain('-o FOLDER is wanted')
    expect(merge(folder, '-o', at('x'))).toContain('is no run folder, and holds none')
    expect(merge(at('whole'), '-o', at('x'))).toContain('is a whole run, not a shard')
    expect(merge(files[0]!, '-o', at('x'))).toContain('--output is for run folders')
    expect(evaluate('y', '--shard', '0/2', '--against', at('whole')).stderr).toContain('compares whole runs')
  })
})
