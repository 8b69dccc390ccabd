/** `@ptrm/puzzles/node`: puzzles out of files, packed or not, and out of stdin. Node only: no page loads it. */
export {
  InputError,
  type NamedText,
  type PuzzleFile,
  type ReadOptions,
  readPuzzleFile,
  readPuzzles,
  readText,
} from './input.ts'
export { type Found, nameOf, type Puzzles, readAllPuzzles, remarkOn } from './puzzles.ts'
