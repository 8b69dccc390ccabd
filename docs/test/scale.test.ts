/** The sums of `docs/scale.md` are those of the records that they come from. */
import { expect, it } from 'vitest'
import { read, recordOf } from './blocks.ts'

const text = read('docs/scale.md')

/** To two figures, with commas. */
const rounded = (value: number) => Number(value.toPrecision(2)).toLocaleString('en-US')
const exact = (value: number) => value.toLocaleString('en-US')

it('of messages and memory are as they were measured', () => {
  const { jobs, phases } = recordOf('-queue.json')
  const [submit, work, collect] = phases
  expect(text).toContain(`A run of ${exact(jobs)} jobs`)
  const speeds = [
    rounded(submit.jobsPerSecond),
    exact(Math.round(work.jobsPerSecond / 10) * 10),
    rounded(collect.jobsPerSecond),
  ]
  expect(text).toContain(`| jobs a second | ${speeds.join(' | ')} |`)
  expect(text).toContain(`| ${submit.commandsPerJob} | ${work.commandsPerJob} | none |`)
  const [first, second, third] = [submit, work, collect].map((phase) => phase.redisMicrosecondsPerJob)
  expect(text).toContain(`| ${first} µs | ${second} µs | ${third} µs |`)
  expect(text).toContain(`| ${submit.bytesPerJob} | ${submit.bytesPerJob + work.bytesPerJob} |`)
  const microseconds = first + second
  expect(text).toContain(
    `1 s / ${microseconds} µs = ${exact(Math.floor(1e4 / microseconds) * 100)} jobs a second`,
  )
})

it('of kills are as they were counted', () => {
  const { puzzles, workers, kills, redisKills, isSame, longestBlockMs } = recordOf('-queue-soak.json')
  expect([isSame, workers, kills, redisKills]).toEqual([true, 3, 20, 1])
  expect(text).toContain(`${exact(puzzles)} Sudokus, three workers, twenty of them killed`)
  expect(text).toContain(`stood still for at most ${(longestBlockMs / 1000).toFixed(1)} s`)
})
