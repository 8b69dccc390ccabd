/** `npm run fuzz -- --seconds 60 [--target NAME] [--seed N] [--keep]`: fuzzes every reader; a fault is stored, told, and ends with 1. */
import { parseArgs } from 'node:util'
import { Coverage } from './coverage.ts'
import { fuzz } from './fuzz.ts'
import { storedInputs, storeInput } from './stored.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    keep: { type: 'boolean', default: false },
  },
})
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
const coverage = new Coverage((url) => /\/packages\/[^/]+\/dist\//.test(url))
const { targets } = await import('./targets/index.ts')
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target)
if (!(seconds > 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
  const names = targets.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')
  process.stderr.write(`usage: npm run fuzz -- [--seconds N] [--target NAME] [--seed N] [--keep]\n${names}\n`)
  process.exit(2)
}

process.stdout.write(`${seconds} s, seed ${seed}\n`)
for (const target of chosen) {
  const corpus = storedInputs(target.name)
  const found = await fuzz(target, { seed, ms: (seconds * 1000) / chosen.length, corpus, coverage })
  const endings = Object.entries(found.endings).map(([name, count]) => `${count} ${name}`)
  process.stdout.write(
    `${target.name}: ${found.runs} inputs, ${found.kept.length} of them new, ${coverage.size} characters of code reached: ${endings.join(', ')}\n`,
  )
  if (values.keep) for (const input of found.kept) storeInput(target.name, input)
  for (const { input, error } of found.failures) {
    process.stdout.write(
      `FAULT, kept as ${storeInput(target.name, input)}\n${error.stack ?? error.message}\n`,
    )
    process.exitCode = 1
  }
}
coverage.close()
