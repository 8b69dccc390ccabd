/** `npm start`: sets everything up, then solves the example puzzles. Further arguments go to `ptrm solve`. */
import { join } from 'node:path'
import { root, run, setup } from './setup.mjs'

setup()
const cli = join(root, 'packages', 'cli', 'bin', 'ptrm.js')
process.exit(run('node', [cli, 'solve', join('examples', 'sudoku-hard.txt'), ...process.argv.slice(2)]))
