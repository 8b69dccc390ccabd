/** The parity cases of the official PyTorch code on one provider of onnxruntime. */
import { fileURLToPath } from 'node:url'
import {
  PARITY_TOLERANCE,
  type ParityResult,
  parityEnginesOf,
  readParityCases,
  runParity,
} from '@ptrm/eval/parity'
import { engineNamed } from '@ptrm/orchestrator/engines'
import { runPart } from './part.ts'

const FOLDER = new URL('../../../packages/core-wasm/test/fixtures/official-trm', import.meta.url)

await runPart(async (provider) => {
  const results: ParityResult[] = []
  for (const engine of parityEnginesOf(engineNamed(`onnx-${provider}`)))
    for (const one of readParityCases(fileURLToPath(FOLDER)).filter(({ name }) => name.endsWith('.pt')))
      for (const noise of one.noises) {
        const result = await runParity(one, noise, engine)
        results.push(result)
        console.log(`${result.case} ${noise} ${result.engine}: ${result.maxError} ${result.verdict}`)
      }
  return {
    figures: { tolerance: PARITY_TOLERANCE, results },
    wrong: results
      .filter(({ verdict }) => verdict !== 'agrees')
      .map(
        (result) => `${result.case} with noise ${result.noise} ${result.verdict}: off by ${result.maxError}`,
      ),
  }
})
