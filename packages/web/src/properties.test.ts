/** What pages set and take away again, by attributes and as frameworks do. */
import type { SolveOptions } from '@ptrm/orchestrator/browser'
import { expect, it } from 'vitest'
import { PtrmSolver } from './index.ts'

/** As the element itself sees it. */
type Inside = PtrmSolver &
  Record<string, unknown> & {
    plan(): SolveOptions
    readonly kindName: string
  }

const made = () => new PtrmSolver() as Inside
const OPTIONS = [
  ...['kind', 'model', 'model-url', 'wasm-url', 'workers', 'rollouts', 'steps', 'sigma'],
  ...['noise-target', 'seed', 'stop-rule', 'select', 'exact'],
]
const propertyOf = (attribute: string) =>
  [...PtrmSolver.elementProperties].find(
    ([name, options]) => (options.attribute || name) === attribute,
  )![0] as string

it.each(OPTIONS)('forgets the attribute %s once it is gone', (attribute) => {
  const element = made()
  const property = propertyOf(attribute)
  const before = element[property]
  element.attributeChangedCallback(attribute, null, '5')
  expect(element[property]).not.toBe(before)
  element.attributeChangedCallback(attribute, '5', null)
  expect(element[property] || undefined).toBe(before)
})

it.each([null, undefined, ''])('takes %j of a framework for nothing said', (nothing) => {
  const element = made()
  for (const attribute of OPTIONS) element[propertyOf(attribute)] = nothing
  expect(Object.values(element.plan()).filter((value) => value !== undefined)).toEqual([])
  expect(element.kindName).toBe('sudoku')
})

it('keeps a number that is 0, which some plans mean', () => {
  const element = made()
  element.attributeChangedCallback('sigma', null, '0')
  expect(element.plan().sigma).toBe(0)
})

it('has no attribute with the name of another member: frameworks would write over that', () => {
  const element = made()
  for (const attribute of PtrmSolver.observedAttributes)
    if (attribute in element) expect(propertyOf(attribute).toLowerCase()).toBe(attribute)
})
