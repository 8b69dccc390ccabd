/** One small puzzle of each kind with its answer; those of docs/kinds.md. */
export interface Sample {
  readonly url: string
  readonly answer: string
}

const url = (body: string) => `https://puzz.link/p?${body}`

type Name = 'sudoku' | 'lightup' | 'nurikabe' | 'heyawake' | 'tapa' | 'shakashaka'

export const SAMPLES: Readonly<Record<string, Sample>> & Readonly<Record<Name, Sample>> = {
  sudoku: {
    url: url('sudoku/9/9/52l7g9h6g8j782l193j6l5h7j4h7h3j5k9h6i4h38g'),
    answer: '528194637193567824467823519241935768639748251875612493712386945384259176956471382',
  },
  lightup: { url: url('akari/6/6/mcjcg.hcj5ah.'), answer: '.o..../o-..o./..-o../-.o-.o/.o..-./-..o.-' },
  nurikabe: { url: url('nurikabe/6/6/g2g3r4n3l3i'), answer: '.-#-../######/#.#.-#/#.#..#/#-####/##-..#' },
  heyawake: {
    url: url('heyawake/6/6/aaaeee00pg681h1g100'),
    answer: '...#../..#..#/...#../.#..#./..#.../...#..',
  },
  tapa: { url: url('tapa/6/6/2ga8g1g4g6o4i7p5g2'), answer: '-#-.-./-#-#../######/-#.#-#/.####./..#-#-' },
  shakashaka: {
    url: url('shakashaka/6/6/g.ldp.h.p1'),
    answer: '.-.◤◥./◤◥-◣◢./◣.◥.◤◥/.◣◢-◣◢/-◤◥◤◥./.◣◢◣◢-',
  },
}
