import { kinds } from '@ptrm/puzzles'
import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../test/samples.ts'
import { pictureInset, pictureOf } from './picture.ts'
import { readOne } from './puzzle.ts'
import { pictureStyles } from './styles.ts'

describe.each([...kinds.keys()])('the picture of a %s', (name) => {
  const board = readOne(SAMPLES[name]!.url, name)
  const answer = board.kind.parseAnswer(board.puzzle, SAMPLES[name]!.answer)
  const everywhere = [{ rule: 'all', cells: Array.from({ length: 36 }, (_, cell) => cell) }]
  const pictures = [pictureOf(board), pictureOf(board, answer), pictureOf(board, answer, everywhere)].join()

  it('holds nothing that a strict policy forbids, and no name beside the grid’s', () => {
    expect(pictures).toMatch(/^<svg/)
    expect(pictures).not.toMatch(/<style|style=|<script|<title|role=/)
  })

  it('is coloured by the element: each of its classes has a rule', () => {
    const classes = new Set(
      [...pictures.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' ')),
    )
    classes.delete(`ptrm-${name}`)
    for (const found of classes) expect(pictureStyles.cssText).toMatch(new RegExp(`\\.${found}[\\s,{]`))
    expect(classes.size).toBeGreaterThan(3)
  })

  it('has its board where the grid is laid', () => {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(pictures)!
    const { x, y } = pictureInset(board)
    expect((x / 100) * Number(width)).toBeCloseTo(4)
    expect((y / 100) * Number(height)).toBeCloseTo(4)
  })
})
