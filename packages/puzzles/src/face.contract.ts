/** What every kind's face must hold: its cells, its pictures, its words, and how it is written by hand. */
import { SaxesParser } from 'saxes'
import { expect, it } from 'vitest'
import { samplesOf } from '../test/samples.ts'
import { sizesOf } from '../test/sizes.ts'
import { afterCharacter, afterClick } from './editing.ts'
import type { AnyKind } from './kind.ts'
import { cellLabels } from './picture/picture.ts'
import { boardColours, boardShapes, drawSvgFragment } from './picture/svg.ts'

/** Throws where the text is not well-formed XML. */
function parseXml(text: string): void {
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.write(text).close()
}

/** Declares the tests of a kind. */
export function faceContract(kind: AnyKind): void {
  const samples = samplesOf(kind, 20)
  const { puzzle, solution } = samples[0]!
  const everywhere = (board: unknown) => {
    const { rows, cols } = kind.size(board)
    return [{ rule: 'any', cells: Array.from({ length: rows * cols }, (_, cell) => cell) }]
  }

  it('has examples that are solved by their answers', () => {
    for (const { text, answer } of kind.examples) {
      const example = kind.parse(text)
      expect(kind.verify(example, kind.parseAnswer(example, answer))).toEqual([])
    }
    const names = kind.examples.map(({ about }) => about)
    expect(new Set(names).size).toBe(names.length)
  })

  it('has one cell for each of the board’s, told in words that differ by place', () => {
    for (const sample of samples) {
      const { rows, cols } = kind.size(sample.puzzle)
      const picture = kind.toPicture(sample.puzzle)
      expect(picture).toMatchObject({ kind: kind.name, rows, cols })
      expect(picture.cells).toHaveLength(rows * cols)
      const labels = cellLabels(picture)
      expect(new Set(labels).size).toBe(rows * cols)
      expect(labels.at(-1)).toMatch(new RegExp(`^row ${rows}, column ${cols}: \\w+`))
    }
  })

  it('tells of each cell that wants an answer what the answer says of it, and of each that breaks a rule', () => {
    for (const sample of samples) {
      const blank = kind.toPicture(sample.puzzle)
      const filled = kind.toPicture(sample.puzzle, sample.solution)
      for (const [cell, { isOpen, words }] of blank.cells.entries()) {
        const after = filled.cells[cell]!
        expect(after.isOpen).toBe(isOpen)
        if (isOpen) expect(after.words.startsWith(`${words}, `)).toBe(true)
        else expect(after).toEqual(blank.cells[cell])
        expect(after.words).toMatch(/^[\w ,?]+$/)
      }
      const labels = cellLabels(filled, [{ rule: 'any', cells: [1] }])
      expect(labels.filter((label) => label.endsWith(', breaks a rule'))).toEqual([labels[1]])
    }
  })

  it('draws without colour codes unless asked, in lines of one width', () => {
    expect(kind.toText(puzzle, solution)).not.toContain('\u001b')
    expect(kind.toText(puzzle, solution, { color: true })).toContain('\u001b')
    const text = kind.toText(puzzle, solution, { violations: everywhere(puzzle) })
    expect(text).not.toBe(kind.toText(puzzle, solution))
    expect(new Set(text.split('\n').map((line) => [...line].length)).size).toBe(1)
  })

  it('draws SVG that an XML parser reads, with its title in it', () => {
    const violations = everywhere(puzzle)
    const bad = kind.toSvg(puzzle, solution, { violations })
    expect(bad).not.toBe(kind.toSvg(puzzle, solution))
    const titled = kind.toSvg(puzzle, solution, { title: 'a < b & c' })
    expect(titled).toContain('<title>a &lt; b &amp; c</title>')
    expect(kind.toSvg(puzzle)).toBe(kind.toSvg(puzzle, undefined, { title: kind.title }))
    const fragment = drawSvgFragment(kind.toPicture(puzzle, solution), violations)
    for (const svg of [kind.toSvg(puzzle), bad, titled, fragment]) parseXml(svg)
  })

  it('draws fragments that hold nothing that a strict policy forbids, in classes that have rules', () => {
    const fragment = drawSvgFragment(kind.toPicture(puzzle, solution), everywhere(puzzle))
    expect(fragment).toMatch(/^<svg/)
    expect(fragment).not.toMatch(/<style|style=|<script|<title|role=/)
    const rules = boardShapes('x') + boardColours('x', (role) => role)
    const classes = new Set(
      [...fragment.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' ')),
    )
    classes.delete(`ptrm-${kind.name}`)
    for (const found of classes) expect(rules).toMatch(new RegExp(`\\.${found}[\\s,{]`))
    expect(classes.size).toBeGreaterThan(3)
  })

  it('starts with an empty board, of another size where it has one', () => {
    const { empty } = kind.editing
    for (const board of [empty(), ...sizesOf(kind).map(empty)]) {
      expect(kind.toPicture(board).cells.filter(({ text }) => text)).toEqual([])
      expect(kind.contradictions(board)).toEqual([])
      expect(kind.parse(kind.toUrl(board))).toEqual(board)
      const { rows, cols } = kind.size(board)
      expect(new Set(cellLabels(kind.toPicture(board))).size).toBe(rows * cols)
      expect(
        new Set(
          kind
            .toText(board)
            .split('\n')
            .map((line) => line.length),
        ).size,
      ).toBe(1)
      parseXml(kind.toSvg(board))
    }
    for (const size of sizesOf(kind)) expect(kind.size(empty(size))).toEqual(size)
    for (const side of [0, -1, 1.5, 51, Number.NaN])
      expect(() => empty({ rows: side, cols: side })).toThrow(RangeError)
  })

  it('is written cell by cell: cleared, and back to what it was', () => {
    const { textOf, write } = kind.editing
    for (const sample of samples) {
      const cells = kind.toPicture(sample.puzzle).cells.map((_, cell) => cell)
      const texts = cells.map((cell) => textOf(sample.puzzle, cell))
      const cleared = cells.reduce<unknown>((board, cell) => write(board, cell, ''), sample.puzzle)
      expect(cleared).not.toEqual(sample.puzzle)
      expect(kind.toPicture(cleared).cells.filter(({ text }) => text)).toEqual([])
      expect(texts.reduce<unknown>((board, text, cell) => write(board, cell, text), cleared)).toEqual(
        sample.puzzle,
      )
    }
  })

  it('refuses what it can’t read, and leaves the puzzle that it was given alone', () => {
    const before = structuredClone(puzzle)
    for (const text of ['&', ' ', '. .', '1 2', '\n', '-', '99999999', 'é', '.,'])
      expect(kind.editing.write(puzzle, 0, text)).toBeUndefined()
    expect(afterCharacter(kind.editing, puzzle, 0, '&', true)).toBeUndefined()
    for (const text of ['', ...kind.editing.choices(puzzle, 0)]) kind.editing.write(puzzle, 0, text)
    expect(puzzle).toEqual(before)
    expect(kind.editing.hint).toMatch(/^.{10,100}[^.]$/)
  })

  it('is led by clicks through its choices and back, each a puzzle that can be written down', () => {
    const cell = 1
    const blank = kind.editing.empty()
    const seen: string[] = []
    let board = blank
    do {
      board = afterClick(kind.editing, board, cell)
      expect(kind.parse(kind.toUrl(board))).toEqual(board)
      seen.push(kind.editing.textOf(board, cell))
    } while (seen.length < 100 && kind.editing.textOf(board, cell) !== kind.editing.textOf(blank, cell))
    expect(board).toEqual(blank)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(1)
  })
}
