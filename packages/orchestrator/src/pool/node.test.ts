/** What threads are started with. */
import { expect, it } from 'vitest'
import { argumentsOfThreads } from './node.ts'

it('threads have no --input-type, which is of a program that is a text', () => {
  expect(argumentsOfThreads(['--input-type=module', '--expose-gc'])).toEqual(['--expose-gc'])
  expect(argumentsOfThreads(['--expose-gc', '--input-type', 'module'])).toEqual(['--expose-gc'])
})
