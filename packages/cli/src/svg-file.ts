/** Where pictures of `--svg FILE` go: one to FILE itself, several to FILE with their places in the input. */
import { extname } from 'node:path'
import { checkPlace, writeFile } from '@ptrm/eval/files'
import { refuseOverwrite } from './input.ts'

/** `board.svg` for one picture (`number` undefined), `board-3.svg` for the third of several. */
function svgPath(file: string, number: number | undefined): string {
  if (number === undefined) return file
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}-${number}${extension}`
}

/**
 * The pictures of a command that has `--svg`; `inputs` is what it reads. Throws `UsageError` where FILE is one of these, and
 * `FileError` where no file can be made there: the first picture may be long in coming.
 */
export function svgFiles(
  file: string | undefined,
  ...inputs: readonly (string | undefined)[]
): SvgFiles | undefined {
  if (file === undefined) return undefined
  refuseOverwrite('--svg', file, ...inputs)
  checkPlace(file)
  return new SvgFiles(file, inputs)
}

/** Pictures of a stream, of which only its end tells whether there are several: the first waits for the second. */
export class SvgFiles {
  readonly #file: string
  readonly #inputs: readonly (string | undefined)[]
  #first: { readonly number: number; readonly svg: () => string } | undefined
  #several = false

  constructor(file: string, inputs: readonly (string | undefined)[]) {
    this.#file = file
    this.#inputs = inputs
  }

  /**
   * Takes the picture of the puzzle at this place in the input, from 1. Throws `UsageError` where it would be written over
   * one of the inputs, and `FileError`.
   */
  add(number: number, svg: () => string): void {
    if (!this.#first) {
      this.#first = { number, svg }
      return
    }
    if (!this.#several) this.#write(this.#first.number, this.#first.svg)
    this.#several = true
    this.#write(number, svg)
  }

  /** Writes a picture that stayed alone. Throws as `add` does. */
  end(): void {
    if (this.#first && !this.#several) this.#write(undefined, this.#first.svg)
  }

  #write(number: number | undefined, svg: () => string): void {
    const path = svgPath(this.#file, number)
    // The name with its number may be an input's though FILE is none.
    refuseOverwrite('--svg', path, ...this.#inputs)
    writeFile(path, svg())
  }
}
