/** `@ptrm/eval`: what is measured over many puzzles. Pure functions on numbers that rollouts left; none of them asks the rules. */
export * from './metrics/index.ts'
