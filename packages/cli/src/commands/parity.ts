/** `ptrm parity`: every parity case of a folder on every engine that loads. */

import type { ParityResult } from '@ptrm/eval/parity'
import { Argument, type Command } from 'commander'
import { declare } from '../declare.ts'
import { jsonOption } from '../options/groups.ts'

const HELP = `
Examples:
  ptrm parity cases
  ptrm parity cases --json > parity.ndjson

A case is NAME.pt or NAME.safetensors, NAME.config.json and NAME.expected.safetensors, optionally
NAME.states.safetensors. What is in them: https://github.com/ptrm-solver/ptrm/blob/main/docs/import.md

A case agrees where it does in every step that can be judged.
`

export const command: Command = declare({
  name: 'parity',
  description: 'hold the engines against what the PyTorch code computed, for every case of a folder',
  arguments: [new Argument('<folder>', 'folder of parity cases')],
  options: [jsonOption(' a case, noise and engine (NDJSON)')],
  help: HELP,
  exitCodes: {
    0: 'every case agrees',
    1: "one differs or can't be judged",
    2: 'bad input or usage',
    3: 'no engine loads',
  },
  action: parity,
})

/** Prints a line a case, noise and engine. Throws `ParityCaseError` and the importer's errors. */
async function parity(folder: string, { json }: { json?: boolean }): Promise<0 | 1 | 3> {
  const { BackendUnavailableError, KernelUnavailableError } = await import('@ptrm/orchestrator')
  const { parityEngines, readParityCases, runParity, PARITY_TOLERANCE } = await import('@ptrm/eval/parity')
  const cases = readParityCases(folder)
  const missing = new Map<string, string>()
  const results: ParityResult[] = []
  for (const parityCase of cases) {
    for (const engine of parityEngines) {
      for (const noise of parityCase.noises) {
        if (missing.has(engine.name)) continue
        try {
          const result = await runParity(parityCase, noise, engine)
          results.push(result)
          process.stdout.write(json ? `${JSON.stringify(result)}\n` : line(result))
        } catch (error) {
          if (!(error instanceof BackendUnavailableError || error instanceof KernelUnavailableError))
            throw error
          missing.set(engine.name, error.message)
        }
      }
    }
  }
  for (const reason of missing.values()) process.stderr.write(`not run: ${reason}\n`)
  const count = (verdict: ParityResult['verdict']) => results.filter((r) => r.verdict === verdict).length
  process.stderr.write(
    `${count('agrees')} of ${results.length} agree within ${PARITY_TOLERANCE} of the largest value, ` +
      `${count('agrees-in-part')} in part, ${count('differs')} differ, ${count('undecided')} undecided\n`,
  )
  if (results.length === 0) return 3
  return count('differs') + count('undecided') > 0 ? 1 : 0
}

function line(result: ParityResult): string {
  const { maxError, verdict, judged, steps, stepped, twinError } = result
  const error = Number.isNaN(maxError) ? '-' : maxError.toExponential(1)
  const cells = [result.case.padEnd(26), result.noise.padEnd(5), result.engine.padEnd(13), error.padEnd(8)]
  const how = stepped ? ", each from the reference's latents" : ''
  const chaos =
    twinError === undefined
      ? ''
      : `; chaotic beyond: ${steps - judged} not judged, as a start eight roundings away is ${twinError.toExponential(1)} off there`
  return `${cells.join(' ')} ${verdict} (${judged} of ${steps} steps${how}${chaos})\n`
}
