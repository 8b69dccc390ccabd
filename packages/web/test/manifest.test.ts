/** Whether `custom-elements.json` names what the element has: no more, no less. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LitElement } from 'lit'
import { describe, expect, it } from 'vitest'
import { PtrmSolver } from '../src/index.ts'
import { SolverProperties } from '../src/properties.ts'
import { PuzzleProperty } from '../src/puzzle-property.ts'
import { SolverRuns } from '../src/solver-runs.ts'
import { styles } from '../src/styles.ts'
import { BrowserFixture, describeInChromium } from './chromium.ts'

interface Named {
  readonly name: string
  readonly description?: string
}
interface Declaration extends Named {
  readonly tagName?: string
  readonly attributes: readonly (Named & { readonly fieldName: string })[]
  readonly members: readonly (Named & { readonly kind: string; readonly default?: string })[]
  readonly events: readonly Named[]
  readonly cssParts: readonly Named[]
  readonly cssProperties: readonly Named[]
}
interface Manifest {
  readonly modules: readonly { readonly path: string; readonly declarations: readonly Declaration[] }[]
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const manifest: Manifest = JSON.parse(readFileSync(folder('../dist/custom-elements.json'), 'utf8'))
const element = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .find(({ tagName }) => tagName === 'ptrm-solver')!

const sorted = (names: Iterable<string>) => [...new Set(names)].sort()
const namesOf = (list: readonly Named[]) => list.map(({ name }) => name).sort()

/** What the element's classes have for each other alone, which scripts can't tell from the rest. */
const PROTECTED =
  /^(_.*|plan|leaders|error|settle|boardToSolve|leave|clearRun|kindName|selection|withSolver|abandon|fail|enter|tell|tries)$/

/** What pages may use of the element beyond what every Lit element has. */
function publicNames(): string[] {
  const own = [PtrmSolver, SolverRuns, PuzzleProperty, SolverProperties].flatMap((each) =>
    Object.getOwnPropertyNames(each.prototype),
  )
  const made = Object.getOwnPropertyNames(new PtrmSolver())
  const lit = new LitElement()
  return sorted([...own, ...made]).filter((name) => !(name in lit) && !PROTECTED.test(name))
}

describe('custom-elements.json', () => {
  it('stands where package.json says', () => {
    const { customElements } = JSON.parse(readFileSync(folder('../package.json'), 'utf8'))
    expect(customElements).toBe('dist/custom-elements.json')
    expect(namesOf([element])).toEqual(['PtrmSolver'])
    for (const { path } of manifest.modules) expect(readFileSync(folder(`../${path}`), 'utf8')).not.toBe('')
  })

  it('names every attribute, with its property', () => {
    expect(namesOf(element.attributes)).toEqual(sorted(PtrmSolver.observedAttributes))
    for (const { name, fieldName } of element.attributes) {
      const { attribute } = PtrmSolver.elementProperties.get(fieldName)!
      expect(attribute ?? fieldName.toLowerCase()).toBe(name)
    }
  })

  it('names every property and method, with its default', () => {
    expect(namesOf(element.members)).toEqual(publicNames())
    const made = new PtrmSolver() as unknown as Record<string, unknown>
    for (const { name, kind, default: text } of element.members) {
      if (kind === 'method') expect(typeof made[name], name).toBe('function')
      else if (name !== 'puzzle' && name !== 'board')
        expect(made[name], name).toEqual(text && JSON.parse(text.replaceAll("'", '"')))
    }
  })

  it('names every colour that the page may set', () => {
    const text = styles.map(({ cssText }) => cssText).join('\n')
    const used = [...text.matchAll(/var\((--ptrm-[\w-]+)/g)].map(([, name]) => name!)
    expect(namesOf(element.cssProperties)).toEqual(sorted(used))
  })

  it('says of each what it is', () => {
    const { attributes, members, events, cssParts, cssProperties } = element
    for (const { name, description } of [element, ...attributes, ...members, ...events, ...cssParts])
      expect(description, name).toMatch(/\.$/)
    for (const { name, description } of cssProperties) expect(description, name).toMatch(/\.$/)
  })
})

describeInChromium('custom-elements.json, beside the element in Chromium', () => {
  const fixture = new BrowserFixture({ '/': folder('./pages/'), '/ptrm/': folder('../dist/standalone/') })

  it('names every event that it fires and every part that it shows', async () => {
    const page = await fixture.newPage()
    await page.goto(`${fixture.server.origin}/element.html`)
    await page.waitForFunction(() => customElements.get('ptrm-solver'))
    const found = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      const events: string[] = []
      const dispatch = element.dispatchEvent.bind(element)
      element.dispatchEvent = (event) => {
        events.push(event.type)
        return dispatch(event)
      }
      const parts: (string | null)[] = []
      const look = () => {
        for (const shown of element.shadowRoot!.querySelectorAll('[part]'))
          parts.push(shown.getAttribute('part'))
      }
      await element.solve()
      await element.solve({ rollouts: 1, steps: 1, sigma: 5, includeDeterministic: false })
      const endless = element.solve({ rollouts: 5000, steps: 2000, stop: 'all' }).catch(() => {})
      await new Promise((resolve) => element.addEventListener('ptrm-step', resolve, { once: true }))
      await element.updateComplete
      look()
      element.stop()
      await endless
      const key = new KeyboardEvent('keydown', { key: '4', bubbles: true, composed: true })
      element.shadowRoot!.querySelector('[data-cell="2"]')!.dispatchEvent(key)
      element.puzzle = 'no puzzle'
      await element.updateComplete
      return { events, parts }
    })
    expect(sorted(found.events)).toEqual(namesOf(element.events))
    expect(sorted(found.parts.filter((part) => part !== null))).toEqual(namesOf(element.cssParts))
  })
})
