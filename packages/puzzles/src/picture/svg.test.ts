import { expect, it } from 'vitest'
import { kinds } from '../registry.ts'
import { drawSvgFragment, insetOf } from './svg.ts'

it.each([...kinds.values()])('a picture of $name has its board where its inset says', (kind) => {
  const picture = kind.toPicture(kind.parse(kind.examples[0].text))
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawSvgFragment(picture))!
  const { x, y } = insetOf(picture)
  expect((x / 100) * Number(width)).toBeCloseTo(4)
  expect((y / 100) * Number(height)).toBeCloseTo(4)
})
