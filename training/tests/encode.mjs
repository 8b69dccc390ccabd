// Tokens of puzzles as the solver encodes them: reads [[kind, url], ...] as JSON from stdin, writes [[token, ...], ...].
import { kinds } from '../../packages/puzzles/dist/index.js'

let text = ''
for await (const chunk of process.stdin) text += chunk
const tokens = JSON.parse(text).map(([name, url]) => {
  const kind = kinds.get(name)
  return [...kind.encode(kind.parse(url)).tokens]
})
process.stdout.write(JSON.stringify(tokens))
