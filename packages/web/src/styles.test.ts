import { drawSvgFragment, kinds } from '@ptrm/puzzles'
import { expect, it } from 'vitest'
import { pictureStyles, styles } from './styles.ts'

it.each([...kinds.values()])(
  'the picture of $name is coloured by the element: each of its classes has a rule',
  (kind) => {
    const [{ text, answer }] = kind.examples
    const puzzle = kind.parse(text)
    const picture = kind.toPicture(puzzle, kind.parseAnswer(puzzle, answer))
    const everywhere = [{ rule: 'all', cells: [...picture.cells.keys()] }]
    const fragments = drawSvgFragment(picture) + drawSvgFragment(picture, everywhere)
    const classes = new Set(
      [...fragments.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' ')),
    )
    classes.delete(`ptrm-${kind.name}`)
    for (const found of classes) expect(pictureStyles.cssText).toMatch(new RegExp(`\\.${found}[\\s,{]`))
    expect(classes.size).toBeGreaterThan(3)
  },
)

it('declares every colour that it uses', () => {
  const text = styles.map(({ cssText }) => cssText).join('\n')
  const used = new Set([...text.matchAll(/var\((--_[\w-]+)\)/g)].map(([, name]) => name!))
  for (const name of used) expect(text).toContain(`${name}: var(--ptrm-`)
  expect(used.size).toBeGreaterThan(10)
})
