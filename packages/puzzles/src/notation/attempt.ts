/** Reading that may fail, as a value. */
import { PuzzleParseError } from '../errors.ts'

/** What `read` gives, or the parse error that it throws; other errors pass. */
export function attempt<T extends object>(read: () => T): T | { readonly error: PuzzleParseError } {
  try {
    return read()
  } catch (error) {
    if (error instanceof PuzzleParseError) return { error }
    throw error
  }
}
