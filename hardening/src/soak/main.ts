/** `npm run soak -- --minutes 10`: solves, cancels, fails and closes for so long; ends with 1 where memory, handles or threads grow. */
import { parseArgs } from 'node:util'
import { soak } from './soak.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0 && minutes <= 10_000)) {
  process.stderr.write(`--minutes ${values.minutes}: wanted a number above 0\n`)
  process.exit(2)
}

const mb = (bytes = 0) => `${(bytes / 1e6).toFixed(1)} MB`
let told = 0
const figures = await soak({
  ms: minutes * 60_000,
  every: Math.min(5_000, minutes * 2_000),
  onSample(calls, { heap, rss, handles, threads }) {
    if (performance.now() < told) return
    told = performance.now() + 30_000
    process.stdout.write(
      `${calls} calls: heap ${mb(heap)}, RSS ${mb(rss)}, ${handles} handles, ${threads ?? '?'} threads\n`,
    )
  },
})

process.stdout.write(`\n${figures.calls} calls in ${minutes} minutes: `)
process.stdout.write(
  `${Object.entries(figures.counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')}\n\n`,
)
for (const [name, { slope, low, high, bound, grows }] of Object.entries(figures.trends)) {
  const [at, from, to] = [slope, low, high].map((value) => value.toPrecision(3))
  process.stdout.write(
    `${name.padEnd(13)}${at} a call (95%: ${from} to ${to}), allowed ${bound}${grows ? ': GROWS' : ''}\n`,
  )
}
for (const wrong of new Set(figures.wrong)) process.stdout.write(`ended wrong: ${wrong}\n`)
const failed = figures.wrong.length > 0 || Object.values(figures.trends).some(({ grows }) => grows)
process.stdout.write(failed ? '\nfailed\n' : '\nflat\n')
process.exitCode = failed ? 1 : 0
