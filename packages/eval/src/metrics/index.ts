/** What is measured over many puzzles: pure functions on numbers that rollouts left; none of them asks the rules. */
export * from './at-k.ts'
export * from './bootstrap.ts'
export * from './paired.ts'
export * from './q-head.ts'
export * from './shares.ts'
export * from './vote.ts'
