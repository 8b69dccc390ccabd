/** Puzzles to begin with: one for each thing worth seeing. */

export interface Example {
  readonly name: string
  readonly text: string
}

const url = (body: string) => `https://puzz.link/p?${body}`

export const EXAMPLES: readonly Example[] = [
  {
    name: 'Sudoku, among the forum’s hardest: noise needed',
    text: '.......12..3..45...6.17.......7..4....7.4..354....3..8..5..78...2..9....9..6.....',
  },
  {
    name: 'Sudoku, easy: most tries get there',
    text: '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.',
  },
  {
    name: 'Sudoku, 17 clues',
    text: '..............1..2..3....45....6.1....54.....27....8.....35.....8.......1.....6..',
  },
  {
    name: 'Sudoku, among the forum’s hardest, another',
    text: '98.76....75....6....6......4..8...3...5.9.8.......2..1..9.8.7.....3....2.....1.4.',
  },
  { name: 'Light Up', text: url('akari/6/6/mcjcg.hcj5ah.') },
  { name: 'Nurikabe', text: url('nurikabe/6/6/g2g3r4n3l3i') },
  { name: 'Heyawake', text: url('heyawake/6/6/aaaeee00pg681h1g100') },
  { name: 'Tapa', text: url('tapa/6/6/2ga8g1g4g6o4i7p5g2') },
  { name: 'Shakashaka', text: url('shakashaka/6/6/g.ldp.h.p1') },
]
