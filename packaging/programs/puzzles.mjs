import { kindNamed } from '@ptrm/puzzles'

const kind = kindNamed('sudoku')
const puzzle = kind.parse('52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.')
if (!kind.toText(puzzle).includes('5 2')) throw new Error(`drew ${kind.toText(puzzle)}`)
console.log('done')
