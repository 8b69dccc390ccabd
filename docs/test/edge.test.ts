/** What `docs/embedding.md` shows of the edge is the example, and what it tells of its cost is the record's. */
import { expect, it } from 'vitest'
import { read, recordOf } from './blocks.ts'

interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

const text = read('docs/embedding.md')
const shown = ({ median, min, max }: Spread) => `${median.toFixed(1)} (${min.toFixed(1)}..${max.toFixed(1)})`

it('shows the example, which stays short', () => {
  const example = read('examples/edge/worker.js')
  expect(text).toContain(`\`\`\`js\n${example}\`\`\``)
  expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(15)
})

it('tells the size and the CPU time of the record', () => {
  const { machine, repeats, plan, bytes, rows } = recordOf('-edge.json')
  expect(text).toContain(
    `Its bundle is ${Math.round(bytes.plain / 1000)} kB, ${Math.round(bytes.gzip / 1000)} kB after gzip`,
  )
  const circumstances = `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, K = ${plan.rollouts}, D = ${plan.steps}, seed ${plan.seed}`
  expect(text).toContain(`${circumstances}, plain SIMD, median (min..max) of ${repeats}`)
  for (const { name, puzzles, verified, steps, workerdCpuMs, nodeCpuMs } of rows)
    expect(text).toContain(
      `| ${name} | ${verified} of ${puzzles} | ${steps.toFixed(1)} | ${shown(workerdCpuMs)} | ${shown(nodeCpuMs)} |`,
    )
})
