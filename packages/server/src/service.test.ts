/** What is told of work that was ended from outside, whatever its engine says of that; and how long texts are read. */
import { kinds } from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import { EASY } from '../test/service.ts'
import { drainingError } from './life.ts'
import { readPuzzle, type Service, solve } from './service.ts'

/** A service whose pool closes before it has let go of a puzzle. */
const closing = {
  settings: { maxRollouts: 1, maxSteps: 1 },
  models: [{ name: 'one', kind: 'sudoku', isDefault: true, recommended: {} }],
  engines: { solve: () => Promise.reject(new Error('the pool was closed')) },
} as unknown as Service

it.each([
  ['of work that was told to end, why', AbortSignal.abort(drainingError()), { name: 'DrainingError' }],
  ['of other work, what failed', new AbortController().signal, { message: 'the pool was closed' }],
])('tells %s', async (_, signal, wanted) => {
  await expect(solve(closing, { puzzle: EASY }, { client: 'any', signal })).rejects.toMatchObject(wanted)
})

/** As long as a request may send: letters that are no cells, all alike and all different, marks between cells, blank ones. */
const LONG_TEXTS = ['z', '|', '. ', '1,', '|a', 'a b '].map((part) => () => part.repeat(163))
let character = 0x4e00
LONG_TEXTS.push(() => String.fromCharCode(...Array.from({ length: 163 }, () => character++ % 0xd800)))

it.each([undefined, ...kinds.keys()])('keeps all other requests waiting for a moment at most: %s', (kind) => {
  for (const row of LONG_TEXTS) {
    const text = Array.from({ length: 200 }, () => row().slice(0, 162)).join('\n')
    // The least of three, as compiling and a busy machine are no fault of the text.
    const times = [1, 2, 3].map(() => cpuMsOf(() => expect(() => readPuzzle(text, kind)).toThrow()))
    expect(Math.min(...times), text.slice(0, 10)).toBeLessThan(150)
  }
})

function cpuMsOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
