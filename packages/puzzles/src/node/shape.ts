/** What a word on a command line is: a URL, a puzzle as text, or the name of a file. */
import { formats } from '../notation/formats/index.ts'
import { DEFAULT_KIND, kinds } from '../registry.ts'

/** No file has a longer name. */
const LONGEST_NAME = 255
const URL_SHAPE = /^[a-z][a-z+.-]*:\/\/\S|\?[a-z][\w=&:]*\//i
/** `akari/6/6/...`, a URL without its address. */
const BARE_URL = /^([a-z][a-z\d]*)(?:_[a-z]+)?\/(?:\w:?\/)?\d+\/\d+\/\S/i
/** Comments, JSON and XML. */
const MARKED = /^\s*[#;{[<"]/
/** Cells of a whole board in one word. */
const LONG_RUN = /(?<![^\s|,;:"'])[\d.*_xX+-]{40,}(?![^\s|,;:"'#])/
/** Cells of whatever kind, some of them or the blanks between them such as no number has. */
const CELLS_ONLY = /^(?!\.{0,2}[/\\])(?=.*[\s.*_?|])[\s\d.*_xX?|,'+-]+$/
/** Rooms of Heyawake. */
const LETTERS_ONLY = /^\s*[a-z]\d*\??['_]*(?:[\s,|]+[a-z]\d*\??['_]*)+\s*$/i

/** Whether a text starts as a URL, or is one without its address. */
export function isUrlLike(text: string): boolean {
  if (URL_SHAPE.test(text)) return true
  const name = BARE_URL.exec(text)?.[1]?.toLowerCase()
  return (
    name !== undefined &&
    [...kinds.values()].some((kind) => kind.name === name || kind.urlNames.includes(name))
  )
}

/** Whether a text that names no file has the shape of a puzzle, be it a wrong one. */
export function isPuzzleLike(text: string): boolean {
  if (text.length > LONGEST_NAME || /[\n\r]/.test(text)) return true
  const patterns = [MARKED, LONG_RUN, CELLS_ONLY, LETTERS_ONLY]
  return (
    patterns.some((pattern) => pattern.test(text)) ||
    formats.some(({ opens }) => opens(text.trim(), DEFAULT_KIND))
  )
}
