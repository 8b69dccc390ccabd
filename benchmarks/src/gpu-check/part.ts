/** What the steps that stand in this folder share: their options, and how they end. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Provider, readProvider } from '../gpu-options.ts'

/** Figures of a step, and what is wrong with them: a line each. */
export interface PartResult {
  readonly figures: object
  readonly wrong: readonly string[]
}

/** Runs a step as a command: `--provider cuda|cpu --json FILE`. Ends with 1 where something is wrong. */
export async function runPart(part: (provider: Provider) => Promise<PartResult>): Promise<void> {
  const { values } = parseArgs({
    options: { provider: { type: 'string', default: 'cuda' }, json: { type: 'string' } },
  })
  const { figures, wrong } = await part(readProvider(values.provider))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  for (const line of wrong) console.log(`wrong: ${line}`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
