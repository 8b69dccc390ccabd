/**
 * The contract of engines on one engine of the registry, without a test runner: `node test/engine-contract.ts onnx-cuda`.
 * Prints a line a case and ends with 1 where one fails or the engine does not load.
 */
import { enginesOf } from '../src/engines/available.ts'
import { engineNamed } from '../src/engines/registry.ts'
import { engineCases } from './engine-cases.ts'

const [name = 'onnx-cuda'] = process.argv.slice(2)
let failed = 0
for (const { name: engine, make, spec } of enginesOf(engineNamed(name)))
  for (const { name: what, holds } of engineCases)
    try {
      await holds(make, spec)
      console.log(`ok      ${engine}: ${what}`)
    } catch (error) {
      failed++
      console.log(`failed  ${engine}: ${what}\n${(error as Error).stack}`)
    }
console.log(failed === 0 ? 'the contract holds' : `${failed} cases failed`)
process.exitCode = failed === 0 ? 0 : 1
