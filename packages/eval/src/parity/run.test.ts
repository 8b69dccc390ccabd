/** Every engine against the official PyTorch code, straight from its `.pt` files; and that a wrong network is not let through. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { engine as scalar } from '../../../orchestrator/test/scalar-engine.ts'
import { type ParityCase, ParityCaseError, readParityCases } from './cases.ts'
import { parityEngines, parityEnginesOf } from './engines.ts'
import { PARITY_TOLERANCE, relativeError, runParity } from './run.ts'

const FOLDER = fileURLToPath(new URL('../../../core-wasm/test/fixtures/official-trm', import.meta.url))
const cases = readParityCases(FOLDER)
const named = (name: string) => cases.find((one) => one.name === name)!
const [simd, relaxed, onnx] = parityEngines as [
  (typeof parityEngines)[0],
  (typeof parityEngines)[0],
  (typeof parityEngines)[0],
]

describe('the official cases', () => {
  it('are three networks, each from its .pt and as safetensors, with three kinds of noise', () => {
    expect(cases.map(({ name }) => name)).toEqual(
      ['att-learned', 'att-rope', 'mlp-sudoku'].flatMap((name) => [`${name}.pt`, `${name}.safetensors`]),
    )
    for (const { noises, steps } of cases) expect([noises, steps]).toEqual([['none', 'z_L', 'z_H'], 4])
  })

  it('hold the same weights in both files', () => {
    for (const name of ['att-learned', 'att-rope', 'mlp-sudoku']) {
      const [pt, safetensors] = [named(`${name}.pt`), named(`${name}.safetensors`)]
      expect(pt.weights).toEqual(safetensors.weights)
      expect(pt.config).toEqual(safetensors.config)
    }
  })

  const runs = cases
    .filter(({ name }) => name.endsWith('.pt'))
    .flatMap((one) => one.noises.map((noise) => ({ one, name: one.name, noise })))
  describe.each(parityEngines)('on $name', (engine) => {
    it.each(runs)('$name with noise $noise', async ({ one, noise }) => {
      const result = await runParity(one, noise, engine)
      expect(result).toMatchObject({ verdict: 'agrees', judged: 4, steps: 4, engine: engine.name })
      expect(result.maxError).toBeLessThan(PARITY_TOLERANCE)
    })
  })
})

it('takes an engine that is in no list', async () => {
  const [third] = parityEnginesOf(scalar)
  expect(await runParity(named('att-rope.pt'), 'z_L', third!)).toMatchObject({
    verdict: 'agrees',
    engine: 'scalar',
  })
})

describe('a network that is not the reference’s', () => {
  const wrong: [string, (one: ParityCase) => ParityCase][] = [
    ['one cycle less', (one) => ({ ...one, config: { ...one.config, lCycles: one.config.lCycles - 1 } })],
    ['another RMS epsilon', (one) => ({ ...one, config: { ...one.config, rmsEps: 1e-2 } })],
    ['a weight that is off by a hundredth', (one) => ({ ...one, weights: scaled(one, 'lm_head.weight') })],
    ['noise of another sigma', (one) => ({ ...one, sigma: one.sigma * 1.1 })],
  ]
  it.each(
    wrong.flatMap(([what, change]) =>
      ['att-rope.pt', 'mlp-sudoku.pt'].map((name) => ({ what, name, change })),
    ),
  )('$name, $what: differs', async ({ name, change }) => {
    const result = await runParity(change(named(name)), 'z_L', simd)
    expect(result.verdict).toBe('differs')
  })

  it('and not when it runs freely beside its twin, either', async () => {
    const free = { ...named('mlp-sudoku.pt'), states: undefined }
    for (const [what, change] of wrong) {
      const { verdict } = await runParity(change(free), 'z_L', onnx)
      expect([what, verdict]).toEqual([what, 'differs'])
    }
  })
})

describe('a chaotic network without the reference’s latents', () => {
  it('is judged as far as a twin a few roundings away stays near, and no further', async () => {
    const free = { ...named('mlp-sudoku.pt'), states: undefined }
    const result = await runParity(free, 'none', relaxed)
    expect(result.verdict).toBe('agrees-in-part')
    expect(result.judged).toBeGreaterThanOrEqual(1)
    expect(result.judged).toBeLessThan(4)
    expect(result.maxError).toBeLessThan(PARITY_TOLERANCE)
    expect(result.twinError).toBeGreaterThan(PARITY_TOLERANCE / 10)
  })

  it('a NaN is never excused', () => {
    expect(relativeError(Float32Array.of(Number.NaN), Float32Array.of(1))).toBeNaN()
    expect(relativeError(Float32Array.of(1), Float32Array.of(1, 2))).toBeNaN()
  })
})

describe('folders that hold no case', () => {
  const folders: string[] = []
  const folder = (...files: readonly (readonly [string, string | Uint8Array | undefined])[]) => {
    const made = mkdtempSync(join(tmpdir(), 'ptrm-parity-'))
    folders.push(made)
    for (const file of readdirSync(FOLDER).filter((file) => file.startsWith('att-rope')))
      copyFileSync(join(FOLDER, file), join(made, file))
    for (const [name, content] of files)
      if (content === undefined) rmSync(join(made, name))
      else writeFileSync(join(made, name), content)
    return made
  }
  afterAll(() => {
    for (const made of folders) rmSync(made, { recursive: true })
  })

  it.each<[string, readonly (readonly [string, string | undefined])[], string]>([
    [
      'without an expectation',
      [['att-rope.expected.safetensors', undefined]],
      'no case (NAME.expected.safetensors)',
    ],
    ['without a config', [['att-rope.config.json', undefined]], 'needs att-rope.config.json and'],
    [
      'without weights',
      [
        ['att-rope.pt', undefined],
        ['att-rope.safetensors', undefined],
      ],
      'att-rope.pt or att-rope.safetensors',
    ],
    [
      'with a config of other steps',
      [['att-rope.config.json', readConfig({ steps: 5 })]],
      'none.logits has shape',
    ],
    ['with a config of no steps', [['att-rope.config.json', readConfig({ steps: 0 })]], 'lacks steps'],
  ])('%s', (_, files, message) => {
    const made = folder(...files)
    expect(() => readParityCases(made)).toThrow(ParityCaseError)
    expect(() => readParityCases(made)).toThrow(message)
  })

  it('whose inputs are no tokens', () => {
    const name = 'att-rope.expected.safetensors'
    const bytes = readFileSync(join(FOLDER, name))
    const { inputs } = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())))
    const at = 8 + Number(bytes.readBigUInt64LE()) + inputs.data_offsets[0]
    for (const [write, told] of [
      [() => bytes.writeInt32LE(256 + bytes.readInt32LE(at), at), /holds 2\d\d, wanted tokens from 0 to/],
      [() => bytes.writeInt32LE(-1, at), 'holds -1'],
    ] as const) {
      write()
      expect(() => readParityCases(folder([name, bytes]))).toThrow(told)
    }
  })

  it.each([
    ['att-rope.expected.safetensors', 'x'],
    ['att-rope.states.safetensors', 'x'],
    ['att-rope.pt', 'x'],
  ])('with a file that is none: %s', (name, content) => {
    expect(() => readParityCases(folder([name, content]))).toThrow(name)
  })

  it('that is not there', () => {
    expect(() => readParityCases('/nowhere/at/all')).toThrow("can't read the folder /nowhere/at/all")
  })
})

function scaled({ weights }: ParityCase, name: string): ParityCase['weights'] {
  const tensor = weights.get(name)!
  return new Map(weights).set(name, { ...tensor, data: tensor.data.map((value) => value * 1.01) })
}

/** The case's config with a change. */
function readConfig(change: object): string {
  return JSON.stringify({
    ...JSON.parse(readFileSync(join(FOLDER, 'att-rope.config.json'), 'utf8')),
    ...change,
  })
}
