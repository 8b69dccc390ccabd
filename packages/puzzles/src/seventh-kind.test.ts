/** A kind that no file of the package knows: with its line in the registry it holds every contract. */
import { describe, expect, it, vi } from 'vitest'
import { tell } from '../test/tell.ts'
import { faceContract } from './face.contract.ts'
import { kindContract } from './kind.contract.ts'
import { cellLabels } from './picture/picture.ts'
import { kindNamed, kinds } from './registry.ts'

// The one line.
vi.mock('./kinds/index.ts', async (original) => ({
  ...(await original<object>()),
  pairs: (await import('../test/pairs.ts')).pairs,
}))

const pairs = kinds.get('pairs')!

describe('a seventh kind', () => kindContract(pairs))
describe('the face of a seventh kind', () => faceContract(pairs))

it('a seventh kind is read from the files whose form it tells', () => {
  expect(tell('pzprv3\npairs\n2\n2\n< . \n. . \n')).toMatchObject({
    puzzles: [pairs.parse('< .\n. .')],
    errors: [],
  })
})

describe('a seventh kind is shown', () => {
  const puzzle = pairs.parse('< .\n. .')
  const answer = pairs.parseAnswer(puzzle, '-#/#.')
  const violations = [{ rule: 'any', cells: [0] }]

  it('by its name', () => {
    expect(kindNamed('pairs')).toBe(pairs)
  })

  it('in a terminal', () => {
    expect(pairs.toText(puzzle, answer, { violations })).toBe(
      ['┏━━━┳━━━┓', '┃!<!┃▓▓▓┃', '┠───╂───┨', '┃▓▓▓┃ · ┃', '┗━━━┻━━━┛'].join('\n'),
    )
  })

  it('as SVG, with its texts and its title escaped', () => {
    const svg = pairs.toSvg(puzzle, answer)
    expect(svg).toContain('<title>Pairs &amp; more</title>')
    expect(svg).toMatch(/<text class="clue"[^>]*>&lt;<\/text>/)
  })

  it('to screen readers', () => {
    expect(cellLabels(pairs.toPicture(puzzle, answer), violations)).toEqual([
      'row 1, column 1: closed, breaks a rule',
      'row 1, column 2: blank, shaded',
      'row 2, column 1: blank, shaded',
      'row 2, column 2: blank, unshaded',
    ])
  })
})
