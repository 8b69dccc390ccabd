/** docs/kinds.md tells the truth: each kind has its section, and all the examples of a section are one solved puzzle. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kinds } from './registry.ts'

const TEXT = readFileSync(new URL('../../../docs/kinds.md', import.meta.url), 'utf8')
const FORMS = ['answer', 'grid', 'jsonl', 'url']

/** Sections by heading, each with its fenced blocks by form. */
const sections = new Map(
  TEXT.split(/^## /m).map((section) => {
    const blocks = [...section.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].map(([, form, text]) => [form!, text!])
    return [section.split('\n', 1)[0]!, { section, blocks: blocks as [string, string][] }]
  }),
)

it('describes every kind', () => {
  expect([...sections.keys()].slice(2).toSorted()).toEqual([...kinds.keys()].toSorted())
})

describe.each([...kinds.values()])('the section of $name', (kind) => {
  const { section = '', blocks = [] } = sections.get(kind.name) ?? {}
  const of = (form: string) => blocks.find(([other]) => other === form)![1]

  it('has one example of each form', () => {
    expect(blocks.map(([form]) => form).toSorted()).toEqual(FORMS)
  })

  it('shows one puzzle in all its notations, each as it is written', () => {
    const puzzle = kind.parse(of('grid'))
    expect(kind.toGrid(puzzle)).toBe(of('grid'))
    expect(kind.parse(of('url'))).toEqual(puzzle)
    expect(kind.toUrl(puzzle)).toBe(of('url'))
    expect(kind.parse(of('jsonl'))).toEqual(puzzle)
    expect(kind.examples.map(({ text }) => kind.parse(text))).toContainEqual(puzzle)
  })

  it('shows its solution', () => {
    const puzzle = kind.parse(of('grid'))
    const answer = kind.parseAnswer(puzzle, of('answer'))
    expect(kind.verify(puzzle, answer)).toEqual([])
    expect(kind.answerToLine(puzzle, answer)).toBe(of('answer'))
    expect(kind.reader().push(of('jsonl'))).toMatchObject([{ solution: answer, id: expect.any(String) }])
  })

  it('says how the kind is spelled and how large its vocabulary is', () => {
    for (const name of kind.urlNames) expect(section).toContain(`\`${name}\``)
    const size = Number(/(\d+) in all\./.exec(section)![1])
    expect(kind.vocabulary.size).toBe(size)
  })
})
