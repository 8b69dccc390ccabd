/** The registry: a line a kind. What is exported as a value here is a kind, and the only list of them. */
export * from './heyawake/index.ts'
export * from './lightup/index.ts'
export * from './nurikabe/index.ts'
export * from './shakashaka/index.ts'
export * from './sudoku/index.ts'
export * from './tapa/index.ts'
