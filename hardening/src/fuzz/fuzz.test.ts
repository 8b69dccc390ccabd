/** Every reader over its stored corpus and a fixed budget of changed inputs; and the fuzzer itself, on faults that were put there. */
import { describe, expect, it } from 'vitest'
import { cpuMs } from '../../../packages/checkpoints/test/cpu-time.ts'
import { Coverage } from './coverage.ts'
import { endingOf, fuzz } from './fuzz.ts'
import { storedInputs } from './stored.ts'
import type { Target } from './target.ts'
import { targets } from './targets/index.ts'

/** Changed inputs a reader; `npm run fuzz` has as many as there is time for. */
const RUNS = 500

const shown = (input: Uint8Array) => Buffer.from(input).toString('latin1').slice(0, 2_000)

describe.each(targets)('$name', (target) => {
  it('reads all that is stored, or refuses it by name', async () => {
    const stored = storedInputs(target.name)
    expect(stored.length).toBeGreaterThan(3)
    for (const input of stored) expect(await endingOf(target, input), shown(input)).toBeTypeOf('string')
  })

  it('accepts some inputs and refuses others, and fails on none', async () => {
    const { runs, endings, failures } = await fuzz(target, {
      seed: 1,
      runs: RUNS,
      corpus: storedInputs(target.name),
    })
    for (const { input, error } of failures) expect.soft(error, shown(input)).toBeUndefined()
    expect(runs).toBe(RUNS)
    const refused = target.errors.map(({ name }) => name)
    const isError = (ending: string) => refused.includes(ending) || /Error$|^errors$|^nothing$/.test(ending)
    expect(Object.keys(endings).some(isError)).toBe(true)
    expect(Object.keys(endings).some((ending) => !isError(ending))).toBe(true)
  })
})

describe('the fuzzer', () => {
  const toy = (run: Target['run']): Target => ({
    ...{ name: 'toy', about: '', words: ['12'], most: 64, errors: [SyntaxError] },
    ...{ seeds: () => [new TextEncoder().encode('{"size": 7}')], run },
  })
  const textOf = (input: Uint8Array) => new TextDecoder().decode(input)

  it('finds an error that is not among the named ones, and its input again', async () => {
    const target = toy((input) => {
      const { size } = JSON.parse(textOf(input))
      return new Array(size ?? 0).fill(0).join()
    })
    const { failures } = await fuzz(target, { seed: 1, runs: 20_000, corpus: [] })
    expect(failures.length).toBeGreaterThan(0)
    expect(await endingOf(target, failures[0]!.input)).toBeInstanceOf(Error)
    expect(failures.some(({ error }) => error instanceof RangeError)).toBe(true)
  })

  it('finds an input that takes too long', async () => {
    const target = toy((input) => {
      const end = cpuMs() + (textOf(input).includes('9') ? 60 : 0)
      while (cpuMs() < end);
      return 'read'
    })
    const nine = new TextEncoder().encode('9')
    expect(await endingOf(target, nine, 50)).toMatchObject({ message: expect.stringContaining('CPU time') })
    expect(await endingOf(target, nine.slice(1), 50)).toBe('read')
  })

  it('is led by coverage to a fault behind six conditions', async () => {
    const run = async (isLed: boolean) => {
      const coverage = isLed ? new Coverage((url) => url.includes('/fuzz/maze.ts')) : undefined
      const { maze } = await import('./maze.ts')
      const target = { ...toy(maze), seeds: () => [new Uint8Array(6)], most: 6 }
      const { failures } = await fuzz(target, { seed: 3, runs: 40_000, corpus: [], coverage })
      coverage?.close()
      return failures.length
    }
    // Led first, as parts of functions are not counted once they are compiled.
    expect(await run(true)).toBeGreaterThan(0)
    expect(await run(false)).toBe(0)
  })

  it('gives the same inputs for the same seed', async () => {
    const inputsOf = async (seed: number) => {
      const inputs: string[] = []
      const target = toy((input) => String(inputs.push(textOf(input))))
      await fuzz(target, { seed, runs: 200, corpus: [] })
      return inputs
    }
    expect(await inputsOf(5)).toEqual(await inputsOf(5))
    expect(await inputsOf(5)).not.toEqual(await inputsOf(6))
  })
})
