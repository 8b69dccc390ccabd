/** Good records stay good whatever lies between them, and what is no record is named with its place. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { FolderInUseError, RunMismatchError } from '../errors.ts'
import { RunFolder, readRun } from './folder.ts'
import { readKept } from './kept.ts'
import type { Manifest } from './manifest.ts'
import type { PuzzleRecord, RolloutRecord } from './record.ts'

const MANIFEST: Manifest = {
  format: 1,
  model: { name: 'm', kind: 'sudoku', sha256: 'a' },
  data: { name: 'd.csv', sha256: 'b', puzzles: 4, perSource: null },
  plan: { rollouts: 2, steps: 3, sigma: 0.3, noiseTarget: 'zL', seed: '0' },
  engine: { backend: 'wasm', kernel: 'simd128' },
  netCallsPerStep: 4,
}

function rollout(q: number): RolloutRecord {
  return { q: [q, q, q], answers: [2, 1, 0], right: true, cells: 1, firstRight: 3, firstVerified: null }
}

function record(index: number, q = 1): PuzzleRecord {
  return {
    index,
    id: `p${index}`,
    source: null,
    plain: rollout(0),
    rollouts: [rollout(q), rollout(q)],
    ms: 5,
  }
}

const line = (...args: Parameters<typeof record>) => `${JSON.stringify(record(...args))}\n`
const ALL = [0, 1, 2, 3].map((index) => line(index)).join('')

let folder: string
let file: string
beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'ptrm-kept-'))
  folder = join(made, 'run')
  RunFolder.open(folder, MANIFEST).close()
  file = join(folder, 'puzzles.jsonl')
  return () => rmSync(made, { recursive: true })
})

/** Opens the folder with these lines, and closes it again. */
function reopened(text: string): { indices: number[]; faults: string[]; after: string } {
  writeFileSync(file, text)
  const faults: string[] = []
  const run = RunFolder.open(folder, MANIFEST, (fault) => faults.push(fault.replace(`${file}:`, '')))
  run.close()
  return { indices: run.records.map(({ index }) => index), faults, after: readFileSync(file, 'utf8') }
}

describe('records', () => {
  it('are kept as they are', () => {
    expect(reopened(ALL)).toEqual({ indices: [0, 1, 2, 3], faults: [], after: ALL })
    expect(readKept(file, MANIFEST)).toMatchObject({ isClean: true, bytes: ALL.length })
    expect(readKept(join(folder, 'none'), MANIFEST)).toEqual({
      records: [],
      faults: [],
      isClean: true,
      bytes: 0,
    })
  })

  it('lose a half last line without a word, at whatever byte it ends', () => {
    const next = `${JSON.stringify({ ...record(1), id: 'p\u2713' })}\n`
    const bytes = Buffer.from(line(0) + next)
    for (let end = line(0).length; end < bytes.length - 1; end += 7) {
      writeFileSync(file, bytes.subarray(0, end))
      RunFolder.open(folder, MANIFEST, expect.unreachable).close()
      expect(readFileSync(file, 'utf8')).toBe(line(0))
    }
  })

  it('keep a last line that lacks its end alone', () => {
    expect(reopened(ALL.trimEnd())).toEqual({ indices: [0, 1, 2, 3], faults: [], after: ALL })
    expect(reopened(ALL.replaceAll('\n', '\r\n')).indices).toEqual([0, 1, 2, 3])
  })

  it('count once where two processes wrote them, in the order of the data', () => {
    const again = `${JSON.stringify({ ...record(1), ms: 99 })}\n`
    expect(reopened(line(0) + line(1) + again + line(3) + line(2) + line(3))).toEqual({
      indices: [0, 1, 2, 3],
      faults: [],
      after: ALL,
    })
  })

  it('are not trusted where two differ in their figures, however many agree', () => {
    const { indices, faults, after } = reopened(line(0) + line(1) + line(1, 2) + line(1))
    expect(indices).toEqual([0])
    expect(faults).toEqual(['3: other figures of puzzle 1 than line 2 has'])
    expect(after).toBe(line(0))
  })

  it('are kept around a half one that the next was glued to', () => {
    const glued = line(1).slice(0, 50) + line(2)
    expect(reopened(line(0) + glued + line(3))).toEqual({
      indices: [0, 3],
      faults: ['2: no JSON'],
      after: line(0) + line(3),
    })
  })

  it('of a run that the rules judge say nothing of cells, and whether there are several solutions', () => {
    const rules = join(folder, '..', 'rules')
    const byRules = { ...MANIFEST, judge: 'rules' } as const
    const lines = join(rules, 'puzzles.jsonl')
    RunFolder.open(rules, byRules).close()
    const judged = (change: object) => ({ ...rollout(1), cells: null, ...change })
    const lineOf = (index: number, change: object = {}, of: object = {}) => {
      const rollouts = [judged(change), judged(change)]
      return `${JSON.stringify({ ...record(index), plain: judged(change), rollouts, ...of })}\n`
    }
    writeFileSync(
      lines,
      [
        lineOf(0),
        lineOf(1, {}, { severalSolutions: true }),
        lineOf(2, { cells: 1 }),
        lineOf(3, { right: null }),
      ].join(''),
    )
    expect(readKept(lines, byRules)).toMatchObject({
      records: [{ index: 0 }, { index: 1, severalSolutions: true }],
      faults: [expect.stringContaining('plain.cells is 1'), expect.stringContaining('plain.right is null')],
    })
    writeFileSync(lines, lineOf(1, {}, { severalSolutions: false }))
    expect(readKept(lines, byRules).faults).toEqual([expect.stringContaining('severalSolutions is false')])
    writeFileSync(file, `${JSON.stringify({ ...record(1), severalSolutions: true })}\n`)
    expect(readKept(file, MANIFEST).faults).toEqual([expect.stringContaining('severalSolutions is true')])
  })

  const wrong = (change: object) => `${JSON.stringify({ ...record(1), ...change })}\n`
  const wrongRollout = (change: object) => wrong({ rollouts: [rollout(1), { ...rollout(1), ...change }] })
  it.each([
    ['{"index":1}\n', 'id is missing'],
    ['{"index":4}\n', 'index is 4'],
    ['null\n', 'index is missing'],
    ['7\n', 'index is missing'],
    [wrong({ index: 4 }), 'index is 4'],
    [wrong({ index: -1 }), 'index is -1'],
    [wrong({ index: 0.5 }), 'index is 0.5'],
    [wrong({ ms: null }), 'ms is null'],
    [wrong({ source: 3 }), 'source is 3'],
    [wrong({ plain: undefined }), 'plain is missing'],
    [wrong({ plain: null }), 'plain is null'],
    [wrong({ plain: {} }), 'plain.q is missing'],
    [wrong({ rollouts: [rollout(1)] }), `rollouts is ${JSON.stringify([rollout(1)]).slice(0, 40)}...`],
    [wrong({ rollouts: {} }), 'rollouts is {}'],
    [wrongRollout({ q: [null, null, null] }), 'rollouts[1].q is [null,null,null]'],
    [wrongRollout({ q: [1, 2] }), 'rollouts[1].q is [1,2]'],
    [wrongRollout({ answers: [0, 1, -1] }), 'rollouts[1].answers is [0,1,-1]'],
    [wrongRollout({ right: null }), 'rollouts[1].right is null'],
    [wrongRollout({ cells: null }), 'rollouts[1].cells is null'],
    [wrongRollout({ firstRight: 0 }), 'rollouts[1].firstRight is 0'],
    [wrongRollout({ firstVerified: 4 }), 'rollouts[1].firstVerified is 4'],
  ])('are told from %s', (text, what) => {
    const { indices, faults, after } = reopened(line(0) + text + line(2))
    expect(indices).toEqual([0, 2])
    expect(faults).toEqual([`2: no record of this run: ${what}`])
    expect(after).toBe(line(0) + line(2))
  })

  it('may be of puzzles without solution', () => {
    const bare = { ...rollout(1), right: null, cells: null, firstRight: null }
    expect(reopened(wrong({ plain: bare, rollouts: [bare, bare] })).indices).toEqual([1])
  })
})

describe('a run folder', () => {
  it('is read though it has lines too many, and not where a puzzle is missing, which the error explains', () => {
    writeFileSync(file, `${ALL}{"index":4}\n`)
    expect(readRun(folder).records).toHaveLength(4)
    writeFileSync(file, `${line(0)}{}\n${line(2)}${line(3)}`)
    expect(() => readRun(folder)).toThrow(
      `${folder}: 3 of 4 puzzles are done (${file}:2: no record of this run: index is missing); finish the run first`,
    )
  })

  it('puts a record of a puzzle that is run again at its place', () => {
    writeFileSync(file, line(0) + line(3))
    const run = RunFolder.open(folder, MANIFEST)
    for (const index of [2, 1]) run.append(record(index))
    run.close()
    expect(run.records.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(readRun(folder).records).toEqual(run.records)
    expect(reopened(readFileSync(file, 'utf8')).after).toBe(ALL)
  })

  it('is one process’s own, and free again after it, after an error too', () => {
    const run = RunFolder.open(folder, MANIFEST)
    expect(() => RunFolder.open(folder, MANIFEST)).toThrow(FolderInUseError)
    run.close()
    const other = { ...MANIFEST, plan: { ...MANIFEST.plan, steps: 4 } }
    expect(() => RunFolder.open(folder, other)).toThrow(RunMismatchError)
    RunFolder.open(folder, MANIFEST).close()
    expect(readdirSync(folder).sort()).toEqual(['puzzles.jsonl', 'run.json'])
  })

  it('begins anew where a full disk left an empty run.json, unless there are records of who knows what', () => {
    writeFileSync(join(folder, 'run.json'), '')
    RunFolder.open(folder, MANIFEST).close()
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toEqual(MANIFEST)
    writeFileSync(join(folder, 'run.json'), '')
    writeFileSync(file, ALL)
    expect(() => RunFolder.open(folder, MANIFEST)).toThrow('holds puzzles.jsonl but no run.json')
    expect(readFileSync(file, 'utf8')).toBe(ALL)
  })

  it.each(['null', '{"format":1}', '{"format":2}', '{'])('is none where run.json is %s', (text) => {
    writeFileSync(join(folder, 'run.json'), text)
    expect(() => readRun(folder)).toThrow(`${folder} is no run folder: can't read`)
  })
})
