/** What a reader must be to be fuzzed. */

export interface Target {
  readonly name: string
  /** One line: what is read. */
  readonly about: string
  /** Good inputs, which the stored corpus goes beside. */
  readonly seeds: () => readonly Uint8Array[]
  /** Words of the format. */
  readonly words: readonly string[]
  /** Longest input, bytes. */
  readonly most: number
  /** Errors that bad input may end in. */
  readonly errors: readonly (abstract new (
    ...args: never[]
  ) => Error)[]
  /**
   * Reads an input whole, and holds what was read to what must be true of it. Throws what the reader throws, and other
   * errors where something is wrong. Says in a word what was read.
   */
  run(input: Uint8Array): string | Promise<string>
}

/** For what must be true of whatever was read. */
export function hold(isTrue: boolean, what: () => string): asserts isTrue {
  if (!isTrue) throw new Error(what())
}
