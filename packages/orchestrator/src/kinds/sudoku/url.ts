/** Sudoku in puzz.link and pzv.jp URLs: `?sudoku/9/9/BODY`, digits as themselves, `g` to `z` for 1 to 20 blanks. */
import { PuzzleParseError } from '../../errors.ts'
import { CELLS, type SudokuPuzzle } from './board.ts'

const URL_FORM =
  /^https?:\/\/(?:www\.)?(?:puzz\.link|pzv\.jp|pzprxs\.vercel\.app|pzplus\.tck\.mn)\/p(?:\.html)?\?/i
const FIRST_RUN = 'g'.charCodeAt(0)
const LONGEST_RUN = 20

export function looksLikeUrl(line: string): boolean {
  return /^[a-z]+:\/\//i.test(line)
}

/** Reads a URL. `where(i)` gives the position of its i-th character. Throws `PuzzleParseError`. */
export function parseUrl(
  url: string,
  where: (index: number) => ConstructorParameters<typeof PuzzleParseError>[1],
): SudokuPuzzle {
  const fail = (reason: string, index: number) => new PuzzleParseError(reason, where(index))
  const head = URL_FORM.exec(url)
  if (!head) throw fail('expected a puzz.link or pzv.jp URL such as https://puzz.link/p?sudoku/9/9/...', 0)
  const start = head[0].length
  const parts = /^(?:type=\w+&)?([a-z_]+)\/(\w*)\/(\w*)\//i.exec(url.slice(start))
  if (!parts) throw fail('expected sudoku/9/9/ and the board after the question mark', start)
  if (!/^sudoku(?:_edit)?$/i.test(parts[1]!)) throw fail(`expected a sudoku, found '${parts[1]}'`, start)
  if (parts[2] !== '9' || parts[3] !== '9')
    throw fail(`expected a 9/9 board, found ${parts[2]}/${parts[3]}`, start)
  return { kind: 'sudoku', givens: parseBody(url, start + parts[0].length, fail) }
}

function parseBody(
  url: string,
  from: number,
  fail: (reason: string, index: number) => PuzzleParseError,
): Uint8Array {
  const givens = new Uint8Array(CELLS)
  const end = url.slice(from).search(/[/#\s]/)
  const stop = end < 0 ? url.length : from + end
  let cell = 0
  for (let at = from; at < stop; at++) {
    if (cell >= CELLS) throw fail('the board goes on after its 81 cells', at)
    const char = url[at]!.toLowerCase()
    if (char >= '1' && char <= '9') givens[cell++] = Number(char)
    else if (char >= 'g' && char <= 'z') cell += char.charCodeAt(0) - FIRST_RUN + 1
    else throw fail(`unexpected '${url[at]}'; expected a digit 1-9 or a letter g-z (a run of blanks)`, at)
    if (cell > CELLS) throw fail(`this run of blanks ends after cell ${cell}; the board has 81`, at)
  }
  if (cell < CELLS) throw fail(`the board ends after ${cell} of 81 cells`, stop)
  return givens
}

/** The URL that puzz.link itself would write. */
export function toUrl({ givens }: SudokuPuzzle): string {
  let body = ''
  let blanks = 0
  const flush = () => {
    if (blanks > 0) body += String.fromCharCode(FIRST_RUN + blanks - 1)
    blanks = 0
  }
  for (const given of givens) {
    if (given === 0) {
      blanks += 1
      if (blanks === LONGEST_RUN) flush()
    } else {
      flush()
      body += given
    }
  }
  flush()
  return `https://puzz.link/p?sudoku/9/9/${body}`
}
