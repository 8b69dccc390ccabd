/** What `ptrm parity` says of the engines here, and its exit codes. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parityEngines } from '@ptrm/eval/parity'
import { describe, expect, it } from 'vitest'
import { objects, ptrm, testFolder } from '../../test/ptrm.ts'

const CASES = fileURLToPath(new URL('../../../core-wasm/test/fixtures/official-trm', import.meta.url))
const folder = testFolder()

describe('ptrm parity', () => {
  it('finds every engine in agreement with the official cases', () => {
    const { stdout, stderr, status } = ptrm(['parity', CASES, '--json'])
    const results = objects(stdout)
    const engines = parityEngines.map(({ name }) => name)
    expect(engines).toEqual(expect.arrayContaining(['wasm simd128', 'wasm relaxed', 'onnx cpu']))
    expect(results).toHaveLength(6 * 3 * engines.length)
    expect(new Set(results.map(({ engine }) => engine))).toEqual(new Set(engines))
    expect(new Set(results.map(({ verdict }) => verdict))).toEqual(new Set(['agrees']))
    expect(stderr).toContain(`${results.length} of ${results.length} agree`)
    expect(status).toBe(0)
  }, 180_000)

  it('exits with 1 on a miss, and with 2 where there is no case', () => {
    const cases = mkdtempSync(join(folder, 'wrong-'))
    for (const end of ['pt', 'expected.safetensors'])
      copyFileSync(join(CASES, `att-rope.${end}`), join(cases, `att-rope.${end}`))
    const config = JSON.parse(readFileSync(join(CASES, 'att-rope.config.json'), 'utf8'))
    writeFileSync(join(cases, 'att-rope.config.json'), JSON.stringify({ ...config, rms_norm_eps: 0.01 }))
    const miss = ptrm(['parity', cases])
    expect([miss.status, miss.stdout]).toEqual([1, expect.stringContaining(' differs ')])
    expect(ptrm(['parity', folder]).status).toBe(2)
    expect(ptrm(['parity', '/no/such/folder']).stderr).toContain("can't read the folder")
  })
})
