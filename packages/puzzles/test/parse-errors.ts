/** For tests of bad input: what may be thrown at it. */
import { expect } from 'vitest'
import { PuzzleParseError } from '../src/errors.ts'

/** Fails if `read` throws anything but a `PuzzleParseError`. */
export function throwsOnlyParseErrors(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(PuzzleParseError)
  }
}
