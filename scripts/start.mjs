/** `npm start`: sets everything up, then solves the example puzzles. Further arguments go to `ptrm solve`. */
import { join } from 'node:path'
import { root, run, setup } from './setup.mjs'

setup()
const cli = join(root, 'packages', 'cli', 'bin', 'ptrm.js')
const solve = (file) => run('node', [cli, 'solve', join('examples', file), ...process.argv.slice(2)])
// Both, whatever the first one says.
process.exit(Math.max(solve('sudoku-hard.txt'), solve('pencil.txt')))
