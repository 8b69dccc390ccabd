/** What rollouts come to, on any runtime, as JSON: its numbers read back as they were, to the last bit. */
const puzzle = '8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..'
const plan = { rollouts: 4, steps: 6, stop: 'all', seed: 5 }

export async function rolloutsOf(solver) {
  const steps = []
  const onEvent = (event) => {
    if (event.type === 'step') steps.push([event.rollout, event.step, event.q, event.tokens.join('')])
  }
  const { status, q, candidates } = await solver.solve(puzzle, { ...plan, onEvent })
  const told = candidates.map(({ rollout, steps, q, tokens }) => [rollout, steps, q, tokens.join('')])
  // Of threads the steps come in any order.
  return { status, q, candidates: told, steps: steps.sort((a, b) => a[0] - b[0] || a[1] - b[1]) }
}
