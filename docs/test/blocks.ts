/** The code blocks of the documents that people read: README, guides, the packages' pages. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
export const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8')

/** The latest record of a benchmark whose file's name ends so. */
// biome-ignore lint/suspicious/noExplicitAny: each test knows the record that it asks for.
export function recordOf(name: string): any {
  const files = readdirSync(`${ROOT}benchmarks/record`).filter((file) => file.endsWith(name))
  return JSON.parse(read(`benchmarks/record/${files.sort().at(-1)}`))
}

export interface Block {
  /** Where it stands, as `README.md:40`. */
  readonly where: string
  /** The word behind the fence. */
  readonly language: string
  readonly code: string
  /** The `text` block right behind it, which is then what it prints. */
  readonly prints?: string | undefined
}

const inFolder = (folder: string) => readdirSync(`${ROOT}${folder}`).map((name) => `${folder}/${name}`)

/** Paths from the root. */
export const documents: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'training/README.md'],
  ...inFolder('docs').filter((path) => path.endsWith('.md')),
  ...inFolder('packages').map((path) => `${path}/README.md`),
]

/** All code blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  const text = read(document)
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)]
  return blocks.map(({ 1: language, 2: code, 3: prints, index }) => {
    const line = text.slice(0, index).split('\n').length
    return { where: `${document}:${line}`, language: language!, code: code!, prints }
  })
}

export const blocks: readonly Block[] = documents.flatMap(blocksOf)
