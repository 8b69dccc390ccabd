/** What tests must know of Tapa. */
import fc from 'fast-check'
import { cellwise, mostly } from '../../../../test/arbitrary.ts'
import { sizeOf } from '../../../../test/layout.ts'
import { type Checker, cellsOf, clueOf, putShading } from '../../../../test/pzpr-adapter.ts'
import { type Choose, runs } from '../../../../test/spelling.ts'
import type { KindSupport } from '../../../../test/support.ts'
import { NO_CLUE, UNKNOWN_CLUE } from '../../../board/board.ts'
import { CLUES, type TapaClue } from '../clues.ts'
import type { TapaPuzzle } from '../index.ts'

const kind = 'tapa'

const someClue = mostly<TapaClue>(
  75,
  [],
  fc
    .oneof(
      { weight: 1, arbitrary: fc.constant([UNKNOWN_CLUE]) },
      { weight: 9, arbitrary: fc.constantFrom(...CLUES) },
    )
    .chain((clue) => fc.shuffledSubarray([...clue], { minLength: clue.length, maxLength: clue.length })),
)

export const support: KindSupport<TapaPuzzle> = {
  puzzles: (least, most) => cellwise(least, most, someClue, (size, clues) => ({ kind, ...size, clues })),
  answers: 2,
  respell: ({ clues }, choose) =>
    runs(
      clues.map((clue) => (clue.length === 0 ? NO_CLUE : 0)),
      choose,
      (at) => ({ text: respellClue(clues[at]!, choose) }),
    ),
  turn: ({ clues }, layout) => ({ kind, ...sizeOf(layout), clues: layout.from.map((cell) => clues[cell]!) }),
  pzpr: {
    put: putShading,
    codes: [
      [/^no cell is shaded$/, 'brNoShade'],
      [/^shaded cells form a 2x2 square$/, 'cs2x2'],
      [/^shaded cells around do not match/, 'ceTapaNe'],
      [/^shaded cells are not connected$/, 'csDivide'],
    ],
    puzzle: (board, size) => ({
      kind,
      ...size,
      clues: cellsOf(board).map(({ qnums = [] }) => qnums.map(clueOf)),
    }),
    repair,
  },
}

function respellClue(clue: TapaClue, choose: Choose): string {
  if (clue.length === 1) return clue[0] === UNKNOWN_CLUE ? '.' : String(clue[0])
  if (clue.join() === '1,1,1,1' && choose(2) === 0) return '9'
  const [first, base] = clue.length === 2 ? [360, 6] : clue.length === 3 ? [396, 4] : [460, 2]
  return (first + clue.reduce((sum, number) => sum * base + Math.max(0, number), 0)).toString(36)
}

/**
 * pzpr 0.10.1 takes Tapa's `?` for the number -2, which no run has. By the genre's rules it is any number but 0.
 * (Later versions of pzpr fit a lone `?` to an empty ring, too.)
 */
function repair(checker: Checker): void {
  checker.checkCountOfClueCell = () => {
    checker.checkAllCell((cell) => {
      const clue = cell.qnums ?? []
      if (clue.length === 0) return false
      // A `?` takes any run that no number needs.
      const left = cell.getShadedLength?.() ?? []
      for (const number of clue.filter((value) => value >= 0)) {
        const at = left.indexOf(number)
        if (at < 0) return true
        left.splice(at, 1)
      }
      return left.length !== clue.filter((value) => value < 0).length || left.includes(0)
    }, 'ceTapaNe')
  }
  checker.makeCheckList()
}
