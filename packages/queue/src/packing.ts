/** JSON as Redis keeps it: deflated against words that nearly all of it has, to a quarter or less of its size. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What every record says; part of the format of a run, so it never changes within one. */
const dictionary: Buffer = Buffer.from(
  '"error":"ContradictionError","message":"the givens contradict the rules: ","bad-input","kind":"lightup","kind":"shakashaka","kind":"heyawake","kind":"nurikabe","kind":"tapa","kind":"sudoku","id":"","where":{"source":"puzzles.jsonl","source":"puzzles.csv","line":1,"column":1},"status":"unsolved","status":"verified","answer":"","q":-1.,"rollout":0,"stoppedBy":"end","stoppedBy":"rule","stats":{"rollouts":1,"steps":16,"netCalls":1,"ms":1.},"plan":{"rollouts":64,"steps":16,"sigma":0.3,"noiseTarget":"zL","seed":"0","includeDeterministic":true,"stop":"first-verified","exact":true},"select":"verified","url":"https://puzz.link/p?sudoku/9/9/","backend":"wasm"}',
)

/** Packs a JSON value. */
export function pack(value: unknown): Buffer {
  return deflateRawSync(JSON.stringify(value), { dictionary })
}

/** What `pack` packed. */
export function unpack(bytes: Buffer): unknown {
  return JSON.parse(inflateRawSync(bytes, { dictionary }).toString())
}
