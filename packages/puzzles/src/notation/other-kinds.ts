/** Kinds of puzzles that are none of ours: a grid below such a name must not be read as one of ours. */

/** Names on a line of their own, without blanks and hyphens. */
const NAMES: ReadonlySet<string> = new Set(
  `aqre araf arukone binairo binary blokus bridges calcudoku chocona country creek dominion fillomino fillmat futoshiki
  gokigen hakyuu hanjie hashi hashiwokakero herugolf hidato hitori inequality kakuro kakurasu kenken killer kropki kuromasu
  kurodoko lits magnets mashu masyu minesweeper mochikoro mosaic nanro nonogram norinori numberlink nurimisaki pipelink
  ripple ripples ripplee sashigane shikaku skyscraper skyscrapers slalom slither slitherlink snake star starbattle stostone
  suguru takuzu tasquare tatebo tents tilepaint towers usowan yajilin yajikazu yinyang jigsaw windoku squiggly hypersudoku
  killersudoku jigsawsudoku diagonalsudoku sudokux xsudoku sudokudiagonal thermosudoku arrowsudoku samuraisudoku samurai
  sandwichsudoku antiknightsudoku irregularsudoku evenoddsudoku kropkisudoku consecutivesudoku`.split(/\s+/),
)

/** The kind that a line names, where it is a known one of other people's. */
export function otherKindOn(text: string): string | undefined {
  const name = text.replace(/:$/, '').replaceAll(/[\s-]/g, '').toLowerCase()
  return NAMES.has(name) ? name : undefined
}
