/** What is told of work that was ended from outside, whatever its engine says of that. */
import { expect, it } from 'vitest'
import { EASY } from '../test/service.ts'
import { drainingError } from './life.ts'
import { type Service, solve } from './service.ts'

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
