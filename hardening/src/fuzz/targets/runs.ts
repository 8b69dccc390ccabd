/** Folders of evaluations: `run.json` and the records beside it, as a kill, a full disk or a stranger may leave them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareRuns, EvaluationError, readRun } from '@ptrm/eval'
import { FileError } from '@ptrm/eval/files'
import { hold, type Target } from '../target.ts'
import { utf8 } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'ptrm-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Between the two files of an input. */
const CUT = '\n===\n'

const manifest = {
  format: 1,
  model: { name: 'sudoku', kind: 'sudoku', sha256: 'a' },
  data: { name: 'x.csv', sha256: 'b', puzzles: 2, perSource: null },
  plan: { rollouts: 2, steps: 2, sigma: 0.3, noiseTarget: 'zL', seed: '1' },
  engine: { backend: 'wasm', kernel: 'simd128' },
  netCallsPerStep: 4,
}
const rollout = { q: [0.5, 2], answers: [1, 0], right: true, cells: 1, firstRight: 2, firstVerified: 2 }
const record = (index: number) => ({
  ...{ index, id: `p${index}`, source: null, plain: rollout, rollouts: [rollout, rollout], ms: 12.5 },
})
const lines = [0, 1].map((index) => JSON.stringify(record(index))).join('\n')

export const runFolder: Target = {
  name: 'run-folder',
  about: `run.json and puzzles.jsonl of an evaluation, with ${JSON.stringify(CUT)} between them`,
  seeds: () => [
    utf8(`${JSON.stringify(manifest)}${CUT}${lines}\n`),
    utf8(`${JSON.stringify(manifest, null, 2)}${CUT}${lines}\n${lines}\n{"ind`),
    utf8(
      `${JSON.stringify({ ...manifest, judge: 'rules' })}${CUT}${lines.replaceAll('"cells":1', '"cells":null')}\n`,
    ),
  ],
  words: [
    'null',
    'true',
    '{}',
    '[]',
    '"index":',
    '"rollouts":',
    '"severalSolutions":true',
    '__proto__',
    '\n',
    '1e999',
    '-1',
    CUT,
  ],
  most: 8_192,
  errors: [EvaluationError, FileError],
  run(input) {
    const text = Buffer.from(input).toString('latin1')
    const cut = text.indexOf(CUT)
    writeFileSync(join(folder, 'run.json'), cut < 0 ? input : input.subarray(0, cut))
    writeFileSync(join(folder, 'puzzles.jsonl'), cut < 0 ? '' : input.subarray(cut + CUT.length))
    const run = readRun(folder)
    const { records, manifest: is } = run
    hold(records.length === is.data.puzzles, () => `${records.length} records of ${is.data.puzzles} puzzles`)
    hold(
      records.every(({ index }, i) => index === i),
      () => 'records out of order',
    )
    compareRuns(run, run)
    return 'read'
  },
}
