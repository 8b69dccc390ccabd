/** What the pages of docs/, written to be read in a checkout, need on the site. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MarkdownRenderer } from 'vitepress'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = join(ROOT, 'docs')

/**
 * Links to a file outside docs/, such as `../training/README.md`, lead to the repository, whose front page is
 * `repository`. A file that is not there ends the build.
 */
export function repositoryLinks(md: MarkdownRenderer, repository: string): void {
  md.core.ruler.push('repository-links', (state) => {
    const page: string = state.env.path
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue
      const address = repositoryAddress(token.attrGet('href') ?? '', page, repository)
      if (address !== undefined) token.attrSet('href', address)
    }
  })
}

function repositoryAddress(href: string, page: string, repository: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(href)) return undefined
  const [path, anchor] = href.split('#')
  const file = resolve(dirname(page), decodeURI(path!))
  if (!relative(DOCS, file).startsWith('..') && !isFolderOrData(file))
    return href.replace('README.md', 'index.md')
  if (!existsSync(file)) throw new Error(`${relative(ROOT, page)} links to ${href}: no such file`)
  const view = statSync(file).isDirectory() ? 'tree' : 'blob'
  return `${repository}/${view}/main/${relative(ROOT, file)}${anchor ? `#${anchor}` : ''}`
}

/** What lies in docs/ without being a page. */
function isFolderOrData(file: string): boolean {
  return existsSync(file) && (statSync(file).isDirectory() || !file.endsWith('.md'))
}

/** Blocks in notations of our own: no highlighter knows them. */
export function withoutColours(md: MarkdownRenderer, languages: readonly string[]): void {
  md.core.ruler.push('without-colours', (state) => {
    for (const token of state.tokens)
      if (token.type === 'fence' && languages.includes(token.info)) token.info = 'txt'
  })
}
