/** Where pictures of `--svg FILE` go: one to FILE itself, several to FILE with their numbers. */
import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { UsageError } from './input.ts'

/** `board.svg` for one picture (`number` undefined), `board-3.svg` for the third of several. */
export function svgPath(file: string, number: number | undefined): string {
  if (number === undefined) return file
  const extension = extname(file)
  return `${file.slice(0, file.length - extension.length)}-${number}${extension}`
}

/** Writes a picture. Throws `UsageError` with the reason where the file can't be written. */
export function writeSvg(file: string, number: number | undefined, svg: string): void {
  const path = svgPath(file, number)
  try {
    writeFileSync(path, svg)
  } catch (cause) {
    throw new UsageError(`can't write ${path}: ${(cause as Error).message}`, { cause })
  }
}
