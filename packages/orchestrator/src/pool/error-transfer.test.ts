/** That errors are the same on the other side of a thread: every class that these packages and platforms throw, whole. */
import * as coreWasm from '@ptrm/core-wasm'
import * as puzzles from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import * as own from '../errors.ts'
import { fromThrown, toThrown } from './error-transfer.ts'

type ErrorClass = abstract new (...args: never[]) => Error
const exported: [string, unknown][] = Object.entries({ ...coreWasm, ...puzzles, ...own })
const classes = exported.filter((entry): entry is [string, ErrorClass] => {
  const [, value] = entry
  return typeof value === 'function' && value.prototype instanceof Error
})

/** One of each class, made as its throwers make it. */
const MADE: readonly Error[] = [
  new coreWasm.ModelFormatError('too-large', 'too much', { tensor: 't', wanted: [1], found: [2] }),
  new coreWasm.NoPlainTrmError('its cells see rooms'),
  new coreWasm.KernelUnavailableError('no SIMD', { cause: new WebAssembly.CompileError('bad magic') }),
  new puzzles.PuzzleParseError('bad', { source: 'a.txt', line: 3, column: 5 }),
  new puzzles.UnknownKindError('chess', ['sudoku']),
  new puzzles.ContradictionError('11', [{ rule: 'row', cells: [0, 1] }]),
  new puzzles.ClueWithoutTokenError('tapa', '9', 'row 1'),
  new own.BoardTooLargeError('tapa', { rows: 50, columns: 2 }, { rows: 10, columns: 10 }),
  new own.PlanError('sigma', Number.NaN, 'a number'),
  new own.WorkerCrashedError(3, 2, new RangeError('out of memory')),
  new own.ModelUnavailableError('gone', { cause: 'a word' }),
  new own.ModelKindError('sudoku', 'tapa'),
  new own.BackendUnavailableError(
    'onnx-cuda',
    'no driver',
    Object.assign(new Error('x'), { code: 'ENOENT' }),
  ),
]

const PLATFORM: readonly Error[] = [
  new WebAssembly.RuntimeError('unreachable'),
  new WebAssembly.LinkError('no import'),
  new DOMException('stopped', 'AbortError'),
  new DOMException('too slow', 'TimeoutError'),
  new AggregateError([new EvalError('1'), new URIError('2')], 'two'),
  new SyntaxError('unexpected'),
  Object.assign(new Error('no such file'), { code: 'ENOENT', errno: -2, syscall: 'open' }),
  thrownBy(() => process.chdir(7 as never)), // Node's own, ERR_INVALID_ARG_TYPE
]

function thrownBy(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

it('has one of every class that is exported', () => {
  expect(classes.length).toBeGreaterThan(8)
  expect(new Set(MADE.map((error) => error.constructor))).toEqual(new Set(classes.map(([, type]) => type)))
})

it.each([...MADE, ...PLATFORM].map((error) => [`${error.name}: ${error.message}`, error] as const))(
  'carries %s',
  (_, error) => expectSame(fromThrown(structuredClone(toThrown(error))) as Error, error),
)

function expectSame(carried: Error, error: Error): void {
  // Node's errors are of classes of its own below JavaScript's.
  expect(carried).toBeInstanceOf(isNodes(error) ? TypeError : error.constructor)
  expect(carried).toMatchObject({ name: error.name, message: error.message, stack: error.stack })
  if (!isNodes(error)) expect(String(carried)).toBe(String(error)) // they put their code in
  expect(Reflect.get(carried, 'code')).toBe(Reflect.get(error, 'code'))
  expect({ ...carried }).toEqual({ ...error })
  if (error instanceof AggregateError)
    for (const [i, inner] of error.errors.entries()) expectSame((carried as AggregateError).errors[i], inner)
  if (error.cause instanceof Error) expectSame(carried.cause as Error, error.cause)
  else expect(carried.cause).toEqual(error.cause)
}

function isNodes(error: Error): boolean {
  return String(Reflect.get(error, 'code')).startsWith('ERR_')
}
