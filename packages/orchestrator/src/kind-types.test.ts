/** What the compiler knows of a solver, its puzzles and its answers, from what it is made of. Checked by `tsc`. */
import type { AnyKind, HeyawakePuzzle, SudokuAnswer, SudokuPuzzle } from '@ptrm/puzzles'
import { expectTypeOf, it } from 'vitest'
import type { createSolver as createSolverInPage } from './browser.ts'
import type { KindOfModel } from './kind-types.ts'
import type { createSolver } from './node.ts'
import type { SolveResult, Solver } from './solver.ts'

declare const make: typeof createSolver
declare const makeInPage: typeof createSolverInPage
declare const name: string

it('knows the kind of a bundled model by its name, and of a kind', () => {
  expectTypeOf(() => make()).returns.resolves.toEqualTypeOf<Solver<'sudoku'>>()
  expectTypeOf(() => make({ backend: 'wasm' })).returns.resolves.toEqualTypeOf<Solver<'sudoku'>>()
  expectTypeOf(() => make({ model: 'sudoku' })).returns.resolves.toEqualTypeOf<Solver<'sudoku'>>()
  expectTypeOf(() => make({ model: 'sudoku-2' })).returns.resolves.toEqualTypeOf<Solver<'sudoku'>>()
  expectTypeOf(() => makeInPage({ model: 'tapa-5' })).returns.resolves.toEqualTypeOf<Solver<'tapa'>>()
})

it('knows what it is told of other models', () => {
  const file = './mine.safetensors'
  expectTypeOf(() => make<'sudoku'>({ model: file })).returns.resolves.toEqualTypeOf<Solver<'sudoku'>>()
  expectTypeOf(() => make({ model: file, kind: 'tapa' })).returns.resolves.toEqualTypeOf<Solver<'tapa'>>()
  expectTypeOf(() => makeInPage<'sudoku'>({ modelUrl: file })).returns.resolves.toEqualTypeOf<
    Solver<'sudoku'>
  >()
  expectTypeOf(() => makeInPage({ modelUrl: file, kind: 'tapa' })).returns.resolves.toEqualTypeOf<
    Solver<'tapa'>
  >()
})

it('says of the rest that it does not know', () => {
  expectTypeOf(() => make({ model: name })).returns.resolves.toEqualTypeOf<Solver>()
  expectTypeOf(() => make({ model: 'chess' })).returns.resolves.toEqualTypeOf<Solver>()
  expectTypeOf(() => make({ model: './sudoku-mine.safetensors' })).returns.resolves.toEqualTypeOf<Solver>()
  expectTypeOf(() => makeInPage({ modelUrl: name })).returns.resolves.toEqualTypeOf<Solver>()
  expectTypeOf<KindOfModel<'sudoku-mine.safetensors'>>().toEqualTypeOf<string>()
  expectTypeOf<SolveResult['answer']>().toEqualTypeOf<unknown>()
  expectTypeOf<SolveResult['puzzle']>().toEqualTypeOf<unknown>()
  expectTypeOf<Solver['kind']>().toEqualTypeOf<AnyKind>()
})

it('types puzzles and answers by kind', () => {
  type Sudoku = Solver<'sudoku'>
  expectTypeOf<Parameters<Sudoku['solve']>[0]>().toEqualTypeOf<string | SudokuPuzzle>()
  expectTypeOf<Sudoku['solve']>().returns.resolves.toEqualTypeOf<SolveResult<'sudoku'>>()
  expectTypeOf<SolveResult<'sudoku'>['puzzle']>().toEqualTypeOf<SudokuPuzzle>()
  expectTypeOf<SolveResult<'sudoku'>['answer']>().toEqualTypeOf<SudokuAnswer | undefined>()
  expectTypeOf<Sudoku['kind']['toText']>().toBeCallableWith({} as SudokuPuzzle, {} as SudokuAnswer)
  expectTypeOf<HeyawakePuzzle>().not.toExtend<Parameters<Sudoku['solve']>[0]>()
  // Code that is for any kind takes a solver of one.
  expectTypeOf<Sudoku>().toExtend<Solver>()
  expectTypeOf<SolveResult<'sudoku'>>().toExtend<SolveResult>()
})

it('refuses options that there are not', () => {
  // @ts-expect-error: a misspelt option
  expectTypeOf(() => make({ modle: 'sudoku' })).returns.resolves.toExtend<Solver>()
  // @ts-expect-error: an engine's option of the wrong type
  expectTypeOf(() => make({ onnx: { slots: '8' } })).returns.resolves.toExtend<Solver>()
  // @ts-expect-error: options of a family that has none
  expectTypeOf(() => make({ wasm: {} })).returns.resolves.toExtend<Solver>()
})
