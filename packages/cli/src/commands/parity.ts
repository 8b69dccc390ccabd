/** `ptrm parity`: every parity case of a folder on every engine that loads. */

import type { ParityResult } from '@ptrm/eval/parity'
import { Argument, type Command } from 'commander'
import { declare } from '../declare.ts'
import { jsonOption } from '../options/groups.ts'
import { exitCodeOfAbort, INTERRUPTED } from '../run/exit.ts'
import { interruptible } from '../run/interrupt.ts'
import { print, printJson, tell } from '../run/output.ts'

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
    ...INTERRUPTED,
  },
  action: parity,
})

/** Prints a line a case, noise and engine. Throws `ParityCaseError` and the importer's errors. */
function parity(folder: string, { json }: { json?: boolean }): Promise<number> {
  return interruptible(async (signal) => {
    const { PARITY_TOLERANCE } = await import('@ptrm/eval/parity')
    const results: ParityResult[] = []
    const missing = new Map<string, string>()
    for await (const result of resultsOf(folder, missing, signal)) {
      results.push(result)
      await (json ? printJson(result) : print(line(result)))
    }
    for (const reason of missing.values()) await tell(`not run: ${reason}\n`)
    const count = (verdict: ParityResult['verdict']) => results.filter((r) => r.verdict === verdict).length
    await tell(
      `${signal.aborted ? 'interrupted; ' : ''}` +
        `${count('agrees')} of ${results.length} agree within ${PARITY_TOLERANCE} of the largest value, ` +
        `${count('agrees-in-part')} in part, ${count('differs')} differ, ${count('undecided')} undecided\n`,
    )
    if (signal.aborted) return exitCodeOfAbort(signal)
    if (results.length === 0) return 3
    return count('differs') + count('undecided') > 0 ? 1 : 0
  })
}

/** Until the abort. Why an engine is `missing` is put down under its name. */
async function* resultsOf(
  folder: string,
  missing: Map<string, string>,
  signal: AbortSignal,
): AsyncGenerator<ParityResult> {
  const { BackendUnavailableError, KernelUnavailableError } = await import('@ptrm/orchestrator')
  const { parityEngines, readParityCases, runParity } = await import('@ptrm/eval/parity')
  const cases = readParityCases(folder)
  const runs = cases.flatMap((one) =>
    parityEngines.flatMap((engine) => one.noises.map((noise) => ({ one, engine, noise }))),
  )
  for (const { one, engine, noise } of runs) {
    if (missing.has(engine.name)) continue
    try {
      yield await runParity(one, noise, engine, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof BackendUnavailableError || error instanceof KernelUnavailableError)) throw error
      missing.set(engine.name, error.message)
    }
  }
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
