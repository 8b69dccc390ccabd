/** Errors in tests. */
import { expect } from 'vitest'

/** The error that a call throws, which must be of this class. */
export function caught<E extends Error>(call: () => unknown, type: abstract new (...args: never[]) => E): E {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(type)
    return error as E
  }
  throw new Error(`expected a ${type.name}`)
}
