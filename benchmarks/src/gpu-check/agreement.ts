/** 50 puzzles on wasm and on one provider of onnxruntime, by the command that people use: are the same ones solved? */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runPart } from './part.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const SUDOKUS = 40
/** All rollouts to their end, and the one of the highest q, so that nothing depends on what came first. */
const PLAN = ['--rollouts', '8', '--steps', '16', '--stop', 'all', '--select', 'best-q', '--seed', '1']
/** Last bits differ between engines, and some networks are chaotic: as many of 50 may be solved by one alone. */
const ALLOWED = 3

interface Answer {
  readonly kind: string
  readonly status: string
  readonly answer?: string | undefined
  readonly backend: string
  readonly q: number
}

/** The puzzles' texts, as two inputs: Sudokus and the other kinds. */
function inputs(): string[] {
  const read = (name: string) => readFileSync(`${ROOT}examples/${name}`, 'utf8')
  const [header, ...sudokus] = read('sudoku-dev-200.csv').split('\n')
  return [[header, ...sudokus.slice(0, SUDOKUS)].join('\n'), read('pencil.txt')]
}

function solve(backend: string): Answer[] {
  return inputs().flatMap((input) => {
    const args = [`${ROOT}packages/cli/bin/ptrm.js`, 'solve', '-', ...PLAN, '--backend', backend, '--json']
    const output = execFileSync(process.execPath, args, { input, encoding: 'utf8', stdio: 'pipe' })
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer)
  })
}

await runPart(async (provider) => {
  const [wasm, onnx] = [solve('wasm'), solve(`onnx-${provider}`)]
  const solved = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 'verified').length
  const differing = wasm.filter(({ answer }, i) => answer !== onnx[i]!.answer).length
  const oneAlone = wasm.filter(
    ({ status }, i) => (status === 'verified') !== (onnx[i]!.status === 'verified'),
  )
  const figures = {
    puzzles: wasm.length,
    solved: { wasm: solved(wasm), onnx: solved(onnx) },
    solvedByOneAlone: oneAlone.length,
    answersThatDiffer: differing,
    largestDifferenceOfQ: Math.max(...wasm.map(({ q }, i) => Math.abs(q - onnx[i]!.q))),
  }
  console.log(JSON.stringify(figures))
  const wrong: string[] = []
  if (onnx.length !== wasm.length) wrong.push(`${onnx.length} answers, wanted ${wasm.length}`)
  if (oneAlone.length > ALLOWED) wrong.push(`${oneAlone.length} puzzles are solved by one of the two alone`)
  for (const { backend } of onnx)
    if (backend !== `onnx-${provider}`) wrong.push(`a puzzle was solved on ${backend}`)
  return { figures, wrong }
})
