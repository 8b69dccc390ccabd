/** Runs that the rules judge: the figures that solutions would give, called by what they are wherever they stand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePlan, type Plan, type SolveEvent, type Solver } from '@ptrm/orchestrator'
import { kindNamed } from '@ptrm/puzzles'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportOf } from '../report/report.ts'
import { compareRuns, comparisonTable } from './compare.ts'
import { readData } from './data.ts'
import { readRun } from './folder.ts'
import { checkAllRunnable } from './inputs.ts'
import { judgeNote } from './judge.ts'
import { type EvaluationOptions, openEvaluation } from './open.ts'
import { evaluatePuzzle, type PuzzleRecord } from './record.ts'
import { type Group, type Results, resultsOf } from './results.ts'
import { resultsCsv, resultsTable } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-judge-'))
afterAll(() => rmSync(folder, { recursive: true }))
const DATA = new URL('../../../../examples/sudoku-dev-200.csv', import.meta.url).pathname
const lines = readFileSync(DATA, 'utf8').split('\n')
const column = lines[0]!.split(',').indexOf('puzzle')
const puzzles = lines.slice(1, 9).map((line) => line.split(',')[column]!)
/** The same puzzles, with their solutions and without. */
const SOLVED = join(folder, 'solved.csv')
const BARE = join(folder, 'bare.txt')
writeFileSync(SOLVED, lines.slice(0, 9).join('\n'))
writeFileSync(BARE, puzzles.join('\n'))
const PLAN = { rollouts: 6, steps: 8, seed: 1n }
const OPTIONS = {
  plan: PLAN,
  workers: 1,
  kernel: 'simd128',
  model: 'sudoku',
  stops: ['first-verified', { qAbove: 2 }],
} as const

async function evaluate(data: string, options: EvaluationOptions = {}): Promise<Results> {
  const evaluation = await openEvaluation(data, { ...OPTIONS, ...options })
  try {
    return (await evaluation.run())!
  } finally {
    await evaluation.close()
  }
}

const at = (name: string) => join(folder, name)
let bySolutions: Results
let byRules: Results
beforeAll(async () => {
  bySolutions = await evaluate(SOLVED, { folder: at('solutions') })
  byRules = await evaluate(BARE, { folder: at('rules'), judge: 'rules' })
}, 120_000)

describe('a solution that is none', () => {
  const [givens, solved] = ['.'.repeat(81), `${'123456789'.repeat(9)}`]
  it.each([
    ['of Sudoku', `puzzle,solution\n${givens},${solved}`, 'repeats in'],
    [
      'of Light Up',
      'url,solution\nhttps://puzz.link/p?akari/2/2/j,.o/o.\nhttps://puzz.link/p?akari/2/2/j,oo/..',
      'bulb',
    ],
    ['that is left open', 'url,solution\nhttps://puzz.link/p?akari/2/2/j,??/??', ''],
  ])('%s is refused with its place, before a rollout is run', async (_, text, rule) => {
    const path = at('wrong.csv')
    writeFileSync(path, text)
    const options = { ...OPTIONS, model: text.includes('akari') ? 'lightup' : 'sudoku' }
    const line = text.split('\n').length
    await expect(openEvaluation(path, options)).rejects.toThrow(
      new RegExp(`wrong\\.csv:${line}: its solution does not solve it: .*${rule}`),
    )
    const byRules = await openEvaluation(path, { ...options, judge: 'rules' })
    await byRules.close()
  })
})

describe('a file without solutions', () => {
  it('is refused with what to do, before a rollout is run', async () => {
    const run = () => openEvaluation(BARE, OPTIONS)
    await expect(run()).rejects.toThrow(
      `${BARE}:1: 8 of 8 sudoku puzzles have no solution here to judge answers by; --judge rules`,
    )
    const some = at('some.csv')
    writeFileSync(some, `puzzle,solution\n${lines[1]!.split(',')[column]},\n`)
    await expect(openEvaluation(some, OPTIONS)).rejects.toThrow('some.csv:2: 1 of 1 sudoku puzzles')
    const read = await readData(BARE, { kind: 'sudoku' })
    await expect(checkAllRunnable(read)).rejects.toThrow('--judge rules')
    await checkAllRunnable(read, 'rules')
  })

  it('has the figures that its solutions would give, as each puzzle has one', () => {
    const figuresOf = ({ plain, atK, qHead, firstRight }: Group) => {
      return { plain, atK: atK.map(({ cells: _, ...rest }) => rest), qHead, firstRight }
    }
    expect(figuresOf(byRules.groups[0])).toEqual(figuresOf(bySolutions.groups[0]))
    expect(byRules.groups[0].atK.at(-1)!.solved.pass!.share).toBeGreaterThan(0)
    expect(byRules.groups[0].atK.every(({ cells }) => cells === null)).toBe(true)
    expect(byRules.stops.map(({ judge: _, ...rest }) => rest)).toEqual(bySolutions.stops)
  })

  it('is judged by the rules even where it has solutions, if so asked', async () => {
    const asked = await evaluate(SOLVED, { judge: 'rules' })
    expect(asked.groups[0].atK).toEqual(byRules.groups[0].atK)
    expect(asked.run.judge).toBe('rules')
  })

  it('knows no other judge', async () => {
    await expect(openEvaluation(BARE, { ...OPTIONS, judge: 'me' as 'rules' })).rejects.toThrow(
      'judge "me": wanted one of solutions, rules',
    )
  })
})

describe('figures by the rules say so', () => {
  it('in run.json and results.json, in every group and stop rule', () => {
    const results = JSON.parse(readFileSync(join(at('rules'), 'results.json'), 'utf8')) as Results
    expect(results.run.judge).toBe('rules')
    expect(readRun(at('rules')).manifest.judge).toBe('rules')
    for (const { judge } of [...results.groups, ...results.stops]) expect(judge).toBe('rules')
    expect(readFileSync(join(at('solutions'), 'results.json'), 'utf8')).not.toContain('judge')
  })

  it('in every line of results.csv that rests on them', () => {
    const selections = (results: Results) =>
      new Set(
        resultsCsv(results)
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',')[1]),
      )
    expect(selections(byRules)).toEqual(
      new Set([
        'plain by rules',
        'pass by rules',
        'best-q by rules',
        'mode by rules',
        'q-weighted by rules',
        'verified',
      ]),
    )
    expect(selections(bySolutions)).toEqual(
      new Set(['plain', 'pass', 'best-q', 'mode', 'q-weighted', 'verified']),
    )
  })

  it('in the tables', () => {
    const text = resultsTable(byRules)
    expect(text).toMatch(/^Judged by the rules, not by published solutions/)
    expect(text).toContain('plain TRM by rules')
    expect(text).toContain('| pass@K by rules | best-q@K by rules |')
    expect(text).toContain('| verified@K |')
    expect(text).toContain('| solved % by rules | all K: solved % by rules |')
    expect(resultsTable(bySolutions)).not.toContain('rules')
  })

  it('in the report, and in each of its pictures', async () => {
    const { html, pictures } = await reportOf(at('rules'))
    expect(html).toContain('<dt>judge</dt><dd>Judged by the rules')
    expect(html).toContain('<th>pass@K by rules</th>')
    expect(html.match(/<figcaption>/g)).toHaveLength(pictures.length)
    expect(html.match(/<figcaption>[^<]*Judged by the rules/g)).toHaveLength(pictures.length)
    const csvOf = (name: string) => pictures.find((picture) => picture.name === name)!.csv
    expect(csvOf('width')).toContain('best-Q@K by rules')
    expect(csvOf('width')).not.toMatch(/best-Q@K,/)
    expect(csvOf('depth')).toContain('plain TRM by rules')
    expect(csvOf('cost')).toContain('stop: first-verified by rules')
    expect((await reportOf(at('solutions'))).html).not.toContain('by rules')
  })

  it('in a comparison, which is of runs that were judged alike', () => {
    const [rules, solutions] = [at('rules'), at('solutions')].map(readRun)
    const comparison = compareRuns(rules!, rules!)
    expect(comparisonTable(comparison, ['a', 'b'], rules!.manifest)).toContain('| best-q by rules |')
    const same = { ...rules!, manifest: { ...solutions!.manifest, data: rules!.manifest.data } }
    expect(() => compareRuns(rules!, same)).toThrow('judged differently, by rules and by solutions')
  })

  it('and never go on in a folder of the other', async () => {
    const options = { folder: at('solutions'), judge: 'rules' } as const
    await expect(evaluate(SOLVED, options)).rejects.toThrow('judge not given, now it is "rules"')
    await expect(evaluate(SOLVED, { folder: at('rules') })).rejects.toThrow('holds a run with')
  })
})

describe('a puzzle with several solutions', () => {
  const kind = kindNamed('tapa')
  // Shading any one of four cells in a row satisfies the clue beside them; the rules accept each.
  const puzzle = kind.parse('tapa\n1 .\n. .')
  const found = { kind, puzzle, id: 'loose', where: { source: 'f', line: 1, column: 1 } }
  const accepted = ['-#/..', '-./#.'].map((line) => kind.encodeAnswer(puzzle, kind.parseAnswer(puzzle, line)))
  const wrong = kind.encodeAnswer(puzzle, kind.parseAnswer(puzzle, '-./..'))

  /** A solver whose rollouts end with these answers, one each; without noise, with a wrong one. */
  function solverOf(ends: readonly Uint8Array[]): Solver {
    const solve = async (
      _: unknown,
      { rollouts, sigma, onEvent }: Plan & { onEvent: (event: SolveEvent) => void },
    ) => {
      for (let rollout = 0; rollout < rollouts; rollout++) {
        const tokens = sigma === 0 ? wrong : ends[rollout]!
        const verified = kind.isSolved(puzzle, kind.decode(puzzle, tokens))
        onEvent({ type: 'step', rollout, step: 1, q: rollout, tokens, verified })
      }
      return { stats: { ms: 1 } }
    }
    return { solve } as unknown as Solver
  }

  const record = (ends: readonly Uint8Array[]) => {
    const plan = makePlan({ rollouts: ends.length, steps: 1, sigma: 0.5 })
    return evaluatePuzzle(solverOf(ends), found, 0, { plan, judge: 'rules' })
  }

  it('is known by two answers that the rules accept', async () => {
    expect(await record([wrong, ...accepted])).toMatchObject({ severalSolutions: true })
    const one = await record([wrong, accepted[0]!, accepted[0]!])
    expect(one.severalSolutions).toBeUndefined()
    expect(one.rollouts.map(({ right, cells }) => [right, cells])).toEqual([
      [false, null],
      [true, null],
      [true, null],
    ])
    expect(one.rollouts.map(({ answers }) => answers)).toEqual([[1], [0], [0]])
    expect((await record([wrong, wrong])).plain).toMatchObject({ right: false, firstRight: null })
  })

  it('is left out of the figures of accuracy, and counted', async () => {
    const manifest = { ...byRules.run, plan: { ...byRules.run.plan, rollouts: 2, steps: 1 } }
    const records: PuzzleRecord[] = [
      await record(accepted),
      { ...(await record([wrong, accepted[0]!])), index: 1 },
    ]
    const results = resultsOf(manifest, records, [2], ['first-verified'])
    const [all] = results.groups
    expect(all).toMatchObject({ puzzles: 2, severalSolutions: 1 })
    expect(all.atK[0]!.solved.pass).toMatchObject({ share: 1, of: 1 })
    expect(all.atK[0]!.solved.verified).toMatchObject({ share: 1, of: 2 })
    expect(resultsTable(results)).toContain('1 puzzle has several solutions and is left out.')
    expect(judgeNote(manifest, 3)).toContain('3 puzzles have several solutions and are left out.')
    const none = resultsOf(manifest, [records[0]!], [2], ['first-verified'])
    expect(none.groups[0]).toMatchObject({ plain: null, qHead: null, escapes: null })
    expect(none.stops).toEqual([])
  })
})
