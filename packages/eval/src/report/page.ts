/** The report's page: one HTML file that loads nothing, with its pictures, tables and data in it. */
import { escapeXml } from '@ptrm/puzzles'
import type { Drawn } from './picture.ts'

/** A part of the page. */
export interface Section {
  readonly title: string
  /** HTML. */
  readonly body: string
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
figure { margin: 1rem 0; overflow-x: auto } figure svg { max-width: 100%; height: auto }
figcaption, .small { color: #555; font-size: .9rem; max-width: 46rem }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums } .wide { overflow-x: auto }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: right; white-space: nowrap } th:first-child, td:first-child { text-align: left }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dd { margin: 0; overflow-wrap: anywhere }
.boards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem } .boards svg { width: 100%; height: auto }
`

/** The whole page. */
export function page(title: string, sections: readonly Section[]): string {
  const body = sections.map(
    (section) => `<section>\n<h2>${escapeXml(section.title)}</h2>\n${section.body}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${body.join('\n')}
</body>
</html>
`
}

/** A picture with its caption, and its data and itself to be saved from the page. */
export function figure({ picture, svg, csv }: Drawn): Section {
  const { name, title, caption } = picture
  const link = (ending: string, type: string, text: string) => {
    const data = Buffer.from(text).toString('base64')
    return `<a download="${name}.${ending}" href="data:${type};base64,${data}">${ending.toUpperCase()}</a>`
  }
  // A replacement that is a text would give `$'` in a title its own meaning.
  const named = svg.replace('<svg ', () => `<svg role="img" aria-label="${escapeXml(title)}" `)
  const links = `${link('svg', 'image/svg+xml', svg)}, ${link('csv', 'text/csv', csv)}`
  return {
    title,
    body: `<figure>\n${named}\n<figcaption>${escapeXml(caption)} ${links}</figcaption>\n</figure>`,
  }
}

/** A table; the first row is its head. */
export function table([head, ...rows]: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[], tag: 'th' | 'td') => {
    return `<tr>${cells.map((cell) => `<${tag}>${escapeXml(String(cell))}</${tag}>`).join('')}</tr>`
  }
  const body = rows.map((cells) => line(cells, 'td')).join('\n')
  return `<div class="wide"><table>\n<thead>${line(head!, 'th')}</thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`
}

/** Names and what they stand for. */
export function list(entries: readonly (readonly [string, string])[]): string {
  const lines = entries.map(([name, text]) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(text)}</dd>`)
  return `<dl>\n${lines.join('\n')}\n</dl>`
}

/** Drawn boards, with their titles. */
export function boards(items: readonly { readonly title: string; readonly svg: string }[]): string {
  const cells = items.map(
    ({ title, svg }) => `<figure>${svg}<figcaption>${escapeXml(title)}</figcaption></figure>`,
  )
  return `<div class="boards">\n${cells.join('\n')}\n</div>`
}
