/** The figures of `docs/serve.md` are those of the records that they come from. */
import { expect, it } from 'vitest'
import { read, recordOf } from './blocks.ts'

const text = read('docs/serve.md')

it('of speed are as they were measured', () => {
  const { rows, alone, besideBatch, overload } = recordOf('-serve.json')
  const whole = (one: { readonly median: number }) => one.median.toFixed(0)
  const ms = (one: { readonly median: number }) => `${one.median.toFixed(1)} ms`
  for (const row of rows) {
    const cells = [row.clients, whole(row.puzzlesPerSecond), whole(row.barePuzzlesPerSecond)]
    cells.push(...[row.p50, row.p95, row.p99].map(ms), `${(100 * row.idle.median).toFixed(1)}%`)
    expect(text).toContain(`| ${cells.join(' | ')} |`)
  }
  expect(text).toContain(`A single caller waits ${ms(alone.p50)} (median) alone and ${ms(besideBatch.p50)}`)
  const { shed, answered, others, recoveryMs } = overload
  expect(others).toBe(0)
  expect(text).toContain(`${shed.toLocaleString('en-US')} requests shed with 429 and ${answered} answered`)
  expect(text).toContain(`an answer ${whole(recoveryMs)} ms after they go`)
  const crowds = rows.filter(({ clients }: { readonly clients: number }) => clients > 8)
  for (const { overhead } of crowds) expect(overhead.median).toBeLessThan(0.015)
})

it('of memory are as they were measured', () => {
  const { minutes } = recordOf('-serve-memory.json')
  const [first, eighth, last] = [minutes[0], minutes[7], minutes.at(-1)]
  expect(minutes).toHaveLength(10)
  const [low, middle, high] = [first, eighth, last].map(({ heapMb }) => heapMb[0])
  expect(text).toContain(`${low} MB in the first, ${middle} MB in the eighth and ${high} MB in the last`)
  const settled: { readonly residentMb: readonly [number, number] }[] = minutes.slice(7)
  expect(Math.max(...settled.map(({ residentMb }) => residentMb[1] - residentMb[0]))).toBeLessThan(2)
  expect(text).toContain(`grows to ${last.residentMb[0]} MB, and stays there from the eighth minute on`)
})
