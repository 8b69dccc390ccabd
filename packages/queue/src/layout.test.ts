/** How puzzles are cut into jobs, and what Redis keeps: pure functions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keysOf, runKeyOf } from './keys.ts'
import { layoutOf, tasksOf } from './layout.ts'
import { pack, unpack } from './packing.ts'

describe('jobs', () => {
  it('have every rollout of every puzzle once, and ids of their own', () => {
    const size = fc.integer({ min: 1, max: 9 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), size, size, size, (count, puzzles, rollouts, range) => {
        const places = Array.from({ length: count }, (_, i) => 3 * i)
        const tasks = [...tasksOf(places, { puzzles, rollouts, range })]
        const seen = tasks.flatMap(([, { puzzles: some, from, to }]) =>
          some.flatMap((place) => Array.from({ length: to - from }, (_, i) => `${place}:${from + i}`)),
        )
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.length).toBe(count * rollouts)
        expect(new Set(tasks.map(([id]) => id)).size).toBe(tasks.length)
      }),
    )
  })

  it('are of seconds: fewer puzzles a job for more rollouts, all of them where none stops early', async () => {
    const layout = (rollouts: number, stop: 'all' | 'first-verified', seconds = 2) =>
      layoutOf('sudoku', { rollouts, steps: 16, stop }, seconds)
    const [few, many, quick] = [
      await layout(8, 'first-verified'),
      await layout(8, 'all'),
      await layout(8, 'all', 0.001),
    ]
    expect(few.puzzles).toBeGreaterThan(many.puzzles)
    expect(many.puzzles).toBeGreaterThan(1)
    expect(quick.puzzles).toBe(1)
    expect(few).toMatchObject({ rollouts: 8, range: 8 })
  })
})

describe('packed JSON', () => {
  it('comes back, and is small', () => {
    const record = {
      kind: 'sudoku',
      where: { line: 7, column: 1 },
      answer: '123456789'.repeat(9),
      q: -1.25e-7,
    }
    expect(unpack(pack(record))).toEqual(record)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(unpack(pack(value)))).toBe(JSON.stringify(value))
      }),
    )
  })
})

it('names of runs are plain', () => {
  const keys = keysOf({ name: 'a.b-c_1', id: 'x' })
  expect([keys.run, keys.results]).toEqual(['{ptrm:a.b-c_1}:run', '{ptrm:a.b-c_1}:x:results'])
  for (const name of ['', '-a', 'a:b', 'a/b', '{a}', 'a'.repeat(65)])
    expect(() => runKeyOf(name)).toThrow('a name has')
})
