/** Where pictures of `--svg FILE` go: one to FILE itself, several to FILE with their numbers. */
import { extname } from 'node:path'
import { checkPlace, writeFile } from '@ptrm/eval/files'

/** `board.svg` for one picture (`number` undefined), `board-3.svg` for the third of several. */
function svgPath(file: string, number: number | undefined): string {
  if (number === undefined) return file
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}-${number}${extension}`
}

/** Pictures of a stream, of which only its end tells whether there are several: the first waits for the second. */
export class SvgFiles {
  readonly #file: string
  #first: { readonly number: number; readonly svg: string } | undefined
  #several = false

  /** Throws `FileError` where no file can be made there: the first picture may be long in coming. */
  constructor(file: string) {
    checkPlace(file)
    this.#file = file
  }

  /** Takes the picture of the puzzle with this `number`, from 1. Throws as `writeSvg` does. */
  add(number: number, svg: string): void {
    if (!this.#first) {
      this.#first = { number, svg }
      return
    }
    if (!this.#several) writeSvg(this.#file, this.#first.number, this.#first.svg)
    this.#several = true
    writeSvg(this.#file, number, svg)
  }

  /** Writes a picture that stayed alone. Throws as `writeSvg` does. */
  end(): void {
    if (this.#first && !this.#several) writeSvg(this.#file, undefined, this.#first.svg)
  }
}

/** Writes a picture. Throws `FileError`. */
export function writeSvg(file: string, number: number | undefined, svg: string): void {
  writeFile(svgPath(file, number), svg)
}
