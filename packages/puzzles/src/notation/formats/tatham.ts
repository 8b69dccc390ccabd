/**
 * Games of Simon Tatham's Portable Puzzle Collection: IDs such as `7x7b20s4d0:a3bB...`, also behind the `#` of a link to
 * the game's page, and saves, which start with `SAVEFILE`. An ID names no game; it is the game whose description it fits.
 */

import { shortened } from '../../shown.ts'
import type { AnyNotation } from '../notation.ts'
import { cut, errorIn, type Piece } from '../piece.ts'
import type { FileFormat, FileReader, NotationOf, SavedPuzzle } from './format.ts'
import type { TathamForm } from './forms.ts'

/** Parameters, what parts them from the rest, the rest. */
const ID = /^(\d+(?:x\d+|j)[a-z\d]*)([:#])([\w,.;-]+)$/d
/** A link to a game's page, with an ID in its fragment; its `:` or `#` may be escaped. A quote or brace makes it JSON. */
const LINK = /^[^"{};\t#]*\/([a-z]+)\.html#(\d+(?:x\d+|j)[a-z\d]*)(:|#|%3a|%23)([\w,.;-]+)/di
const SAVE = /^SAVEFILE:\d+:/
const FIELD = /^([A-Z]{1,8}) *:(\d+):(.*)$/
/** Not an ID, but a Sudoku with something before it. */
const WHOLE_SUDOKU = /[\d._-]{60}/
/** Kinds whose games have IDs, and the games that are called otherwise. */
const KINDS_WITH_IDS = ['lightup', 'sudoku']
const GAMES: Readonly<Record<string, string>> = { solo: 'sudoku' }
const TAKEN = 'of this collection, Light Up and Solo are read'

export const tatham: FileFormat = {
  name: "Simon Tatham's Puzzle Collection",
  opens: (line) => SAVE.test(line) || LINK.test(line) || (ID.test(line) && !WHOLE_SUDOKU.test(line)),
  start: (notationOf) => new GameReader(notationOf),
}

/** An ID, and the game where something names it. */
interface Game {
  readonly parameters: Piece
  readonly description: Piece
  readonly name: Piece | undefined
}

class GameReader implements FileReader {
  readonly #notationOf: NotationOf
  #first: Piece | undefined
  #isSave = false
  readonly #fields = new Map<string, { readonly piece: Piece; readonly length: number }>()

  constructor(notationOf: NotationOf) {
    this.#notationOf = notationOf
  }

  push(raw: Piece): 'more' | 'last' | 'over' {
    const line = cut(raw)
    if (!this.#first) {
      this.#first = line
      this.#isSave = SAVE.test(line.text)
      return this.#isSave ? 'more' : 'last'
    }
    const field = FIELD.exec(line.text)
    if (!field || SAVE.test(line.text)) return 'over'
    // Moves repeat, and are not read; of all others the first one counts.
    const [, key = '', length, value = ''] = field
    const piece = cut(line, line.text.length - value.length)
    if (!this.#fields.has(key)) this.#fields.set(key, { piece, length: Number(length) })
    return 'more'
  }

  end(): SavedPuzzle[] {
    const game = this.#isSave ? this.#gameOfSave() : this.#gameOfId()
    const kind = game.name ? this.#kindOf(game.name) : this.#kindOfId(game)
    const note = game.name ? undefined : `taken for an ID of ${kind} in Simon Tatham's collection`
    return [
      {
        kind: { ...game.parameters, text: kind },
        read: (notation) => ({ ...readGame(notation, game), note }),
      },
    ]
  }

  #gameOfSave(): Game {
    const name = this.#field('GAME')
    this.#kindOf(name)
    const parameters = this.#fields.has('CPARAMS') ? this.#field('CPARAMS') : this.#field('PARAMS')
    return { name, parameters, description: this.#field('DESC') }
  }

  /** A field of the save, as long as it says. */
  #field(key: string): Piece {
    const field = this.#fields.get(key)
    if (!field) throw errorIn(this.#first!, 0, `the save ends early: expected a line '${key}'`)
    const { piece, length } = field
    const { text } = piece
    if (text.length === length) return piece
    throw errorIn(piece, text.length, `expected ${length} characters in '${key}', found ${text.length}`)
  }

  #gameOfId(): Game {
    const line = this.#first!
    const match = LINK.exec(line.text) ?? ID.exec(line.text)!
    const parts = Array.from(match.indices!.slice(1), (range) => cut(line, ...range!))
    const [parameters, between, description] = parts.slice(-3) as [Piece, Piece, Piece]
    const name = parts.length > 3 ? parts[0] : undefined
    if (name) this.#kindOf(name)
    if (/^(?:#|%23)$/.test(between.text))
      throw errorIn(
        parameters,
        0,
        "a random seed, from which only the game itself makes a board: expected the game ID that its menu shows as 'Specific'",
      )
    return { name, parameters, description }
  }

  /** The kind of a game; that a kind is read in this form, its notation says. */
  #kindOf(name: Piece): string {
    const game = name.text.toLowerCase().replaceAll(' ', '')
    const kind = GAMES[game] ?? game
    if (this.#notationOf(kind)?.saved?.tatham || KINDS_WITH_IDS.includes(kind)) return kind
    throw errorIn(name, 0, `a game of ${shortened(name.text)}: ${TAKEN}`)
  }

  #kindOfId({ parameters, description }: Game): string {
    const kind = KINDS_WITH_IDS.find((name) =>
      this.#notationOf(name)?.saved?.tatham?.fits(parameters.text, description.text),
    )
    if (kind) return kind
    throw errorIn(
      parameters,
      0,
      `this looks like an ID of Simon Tatham's collection, but fits no game that is read: ${TAKEN}`,
    )
  }
}

function readGame(notation: AnyNotation, { parameters, description }: Game): { readonly puzzle: unknown } {
  const form: TathamForm<unknown> | undefined = notation.saved?.tatham
  if (!form) throw errorIn(parameters, 0, `a game of ${notation.name}: ${TAKEN}`)
  return { puzzle: form.read(parameters, description) }
}
