/** training/exports.json: of which run each bundled file is made; training/tests/test_bundled.py makes them again. */
import { readFileSync } from 'node:fs'

/** One bundled model. */
interface Export {
  readonly model: string
  /** SHA-256 of its file. */
  readonly sha256: string
  /** The same run's weights written out, which some figures are of; only where the file holds free weights. */
  readonly dense?: { readonly sha256: string }
}

const EXPORTS = new URL('../../training/exports.json', import.meta.url)

/** SHA-256 of the files that hold a bundled model's weights: first the bundled one. Throws for a model without a line. */
export function filesOf(model: string): string[] {
  const rows = JSON.parse(readFileSync(EXPORTS, 'utf8')) as Export[]
  const row = rows.find((one) => one.model === model)
  if (!row) throw new Error(`training/exports.json has no line of ${model}`)
  return [row.sha256, ...(row.dense ? [row.dense.sha256] : [])]
}
