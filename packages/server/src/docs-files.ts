/** The files of the page that shows the API, as the build put them beside the code. Looked for one folder up, wherever that is bundled. */
import { readFileSync } from 'node:fs'

export function docsFile(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../swagger-ui/${name}`, import.meta.url)))
}
