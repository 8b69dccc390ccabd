/** That no named error of these packages is forgotten on its way between threads. */
import * as coreWasm from '@ptrm/core-wasm'
import * as puzzles from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import * as own from '../errors.ts'
import { fromThrown, toThrown } from './error-transfer.ts'

type ErrorClass = new () => Error
const exported: [string, unknown][] = Object.entries({ ...coreWasm, ...puzzles, ...own })
const classes = exported.filter((entry): entry is [string, ErrorClass] => {
  const [, value] = entry
  return typeof value === 'function' && value.prototype instanceof Error
})

it('finds the classes', () => {
  expect(classes.length).toBeGreaterThan(8)
})

it.each(classes)('carries %s', (_, type) => {
  const error = Object.setPrototypeOf(new Error('what'), type.prototype) as Error
  const carried = fromThrown(structuredClone(toThrown(error))) as Error
  expect(carried).toBeInstanceOf(type)
  expect(carried.message).toBe('what')
  expect(carried.stack).toBe(error.stack)
})
