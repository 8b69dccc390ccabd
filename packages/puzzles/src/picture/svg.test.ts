import { SaxesParser } from 'saxes'
import { expect, it } from 'vitest'
import { kinds } from '../registry.ts'
import { drawSvgFragment, escapeXml, insetOf } from './svg.ts'

it.each([...kinds.values()])('a picture of $name has its board where its inset says', (kind) => {
  const picture = kind.toPicture(kind.parse(kind.examples[0].text))
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawSvgFragment(picture))!
  const { x, y } = insetOf(picture)
  expect((x / 100) * Number(width)).toBeCloseTo(4)
  expect((y / 100) * Number(height)).toBeCloseTo(4)
})

it.each([
  ['\u001b[31mred', '\ufffd[31mred'],
  ['a\0b\u0008\u000b\u001f', 'a\ufffdb\ufffd\ufffd\ufffd'],
  ['half \ud83d of \ude00 one', 'half \ufffd of \ufffd one'],
  ['\ufffe\uffff', '\ufffd\ufffd'],
  ['\u{1f600} \u0085 \u202e \t', '\u{1f600} \u0085 \u202e \t'],
  [`</title><script>"alert('1')"</script>]]>&amp;`, `</title><script>"alert('1')"</script>]]>&amp;`],
])('a picture titled %j is well-formed, and its title says %j', (title, wanted) => {
  const { sudoku } = Object.fromEntries(kinds)
  const texts: string[] = []
  const names = new Set<string>()
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => names.add(name))
  parser.on('text', (text) => texts.push(text))
  parser.write(sudoku!.toSvg(sudoku!.parse('.'.repeat(81)), undefined, { title })).close()
  expect(texts.some((text) => text.trim() === wanted.trim())).toBe(true)
  expect([...names].sort()).toEqual(['path', 'rect', 'style', 'svg', 'title'])
  expect(escapeXml(`"${title}"`)).toMatch(/^&quot;[^<>"]*&quot;$/)
})
