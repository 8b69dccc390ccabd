/** However a page sets a puzzle, `solve()` in the same breath solves that one, and ends as solved. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeEach, expect, it } from 'vitest'
import type { PtrmSolver } from '../src/index.ts'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FOLDERS = { '/': folder('./pages/'), '/ptrm/': folder('../dist/standalone/') }
/** In the page's text, and what is set after it. */
const OLD = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const NEW = '.'.repeat(9) + OLD.slice(9)

/** What a page does to the element that is there; what it returns is solved. */
type Setting = (element: PtrmSolver, puzzle: string) => unknown

const SETTINGS: Readonly<Record<string, Setting>> = {
  'the property': (element, puzzle) => {
    element.puzzle = puzzle
  },
  'the attribute': (element, puzzle) => element.setAttribute('puzzle', puzzle),
  'its text': (element, puzzle) => {
    element.textContent = puzzle
  },
  'its text node': (element, puzzle) => {
    element.firstChild!.nodeValue = puzzle
  },
  'elements inside it': (element, puzzle) => {
    element.innerHTML = `<pre>${puzzle.match(/.{9}/g)!.join('\n')}</pre>`
  },
  'the property, after its text': (element, puzzle) => {
    element.textContent = '.'.repeat(81)
    element.puzzle = puzzle
  },
  'its text, after the property': (element, puzzle) => {
    element.puzzle = '.'.repeat(81)
    element.textContent = puzzle
  },
  'what it was, after another text': (element, puzzle) => {
    element.puzzle = puzzle
    element.textContent = '.'.repeat(81)
    element.puzzle = puzzle
  },
  'the property twice': (element, puzzle) => {
    element.puzzle = 'no puzzle'
    element.puzzle = puzzle
  },
  'the kind, then a grid of it': (element, puzzle) => {
    element.kind = 'tapa'
    element.kind = 'sudoku'
    element.puzzle = puzzle.match(/.{9}/g)!.join('\n')
  },
  'a new element, appended first': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    document.body.append(made)
    made.puzzle = puzzle
    return made
  },
  'a new element, appended last': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    made.puzzle = puzzle
    document.body.append(made)
    return made
  },
  'the attribute of a new element': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    document.body.append(made)
    made.setAttribute('puzzle', puzzle)
    return made
  },
  'the text of a new element': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    made.textContent = puzzle
    document.body.append(made)
    return made
  },
  'text that comes after its element, as from a parser': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    document.body.append(made)
    made.append(puzzle.slice(0, 40))
    made.append(puzzle.slice(40))
    return made
  },
  HTML: (_, puzzle) => {
    document.body.insertAdjacentHTML('beforeend', `<ptrm-solver id="made">${puzzle}</ptrm-solver>`)
    return document.querySelector<PtrmSolver>('#made')!
  },
  'the text of a new element that is in no page': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    made.textContent = puzzle
    return made
  },
  'the property of a new element that is in no page': (_, puzzle) => {
    const made = document.createElement('ptrm-solver')
    made.puzzle = puzzle
    return made
  },
}

/** What the element is at when the puzzle is set. */
const SITUATIONS = ['idle', 'loading', 'solving', 'unsolved', 'stopped', 'error'] as const

describeInChromium('a puzzle that is set and solved at once', () => {
  const fixture = new BrowserFixture(FOLDERS)
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    page = await fixture.newPage()
    complaints = complaintsOf(page)
    await page.goto(`${fixture.server.origin}/bare.html`)
  })

  const defineElement = async () => {
    await page.addScriptTag({ type: 'module', url: '/ptrm/ptrm-solver.js' })
    await page.addScriptTag({ type: 'module', url: '/api.js' })
  }

  /** In each way of setting it: what was solved in this situation, what the element is then, and how the run before ended. */
  async function solveInAllWays(situation: (typeof SITUATIONS)[number]) {
    // As handles, since the page's policy lets no text become a program.
    const settings = await Promise.all(
      Object.entries(SETTINGS).map(async ([name, set]) => {
        return [name, await page.evaluateHandle<Setting>(`(${set})`)] as const
      }),
    )
    return page.evaluate(
      async ([settings, situation, old, puzzle]) => {
        const digits = (board: unknown) =>
          (board as { givens: Uint8Array }).givens.join('').replaceAll('0', '.')
        const brought = async (element: PtrmSolver) => {
          if (situation === 'unsolved') await element.solve({ rollouts: 1, steps: 1 })
          if (situation === 'error') await element.solve({ rollouts: -1 }).catch(() => {})
          const runs = ['loading', 'solving', 'stopped'].includes(situation)
          const running = runs ? element.solve({ rollouts: 9999, steps: 999, stop: 'all' }) : undefined
          const ended = running?.catch((error: Error) => `${error.name}: ${error.message}`)
          if (situation === 'solving')
            await new Promise((resolve) => element.addEventListener('ptrm-step', resolve, { once: true }))
          if (situation === 'stopped') element.stop()
          return [element.state, ended] as const
        }
        const outcome = async (set: Setting) => {
          document.body.innerHTML = `<ptrm-solver kind="sudoku">${old}</ptrm-solver>`
          const there = document.querySelector('ptrm-solver')!
          there.solver = solver
          const [state, before] = await brought(there)
          const given = set(there, puzzle)
          const element = given instanceof HTMLElement ? (given as PtrmSolver) : there
          element.solver = solver
          if (element !== there) there.stop() // the solver has one worker
          const heard: string[] = []
          for (const type of ['ptrm-stopped', 'ptrm-error', 'ptrm-unsolved'])
            element.addEventListener(type, () => heard.push(type))
          const result = await element.solve({ rollouts: 1, steps: 1 })
          if (element.isConnected) await element.updateComplete
          const buttons = [...(element.shadowRoot?.querySelectorAll('[part=button]') ?? [])]
          return {
            was: state,
            solved: digits(result.puzzle),
            board: digits(element.board!.puzzle),
            state: element.state,
            button: element.isConnected ? buttons.map((each) => each.textContent?.trim()).join() : 'Solve',
            heard: heard.join(),
            before: element === there || !before ? await before : 'of another element',
          }
        }
        // One for all: loading a model each time would take most of the test.
        const solver = await globalThis.ptrm.createSolver({ model: 'sudoku', workers: 1 })
        const outcomes: Record<string, unknown> = {}
        for (const [name, set] of settings) outcomes[name] = await outcome(set)
        await solver.close()
        return outcomes
      },
      [settings, situation, OLD, NEW] as const,
    )
  }

  it.each(SITUATIONS)('is what is solved, and nobody stops it: %s', async (situation) => {
    await defineElement()
    const outcomes = await solveInAllWays(situation)
    const wanted = { was: situation, solved: NEW, board: NEW, state: 'unsolved', button: 'Solve' }
    const before = ['loading', 'solving'].includes(situation)
      ? expect.stringMatching(/^(AbortError: (another puzzle was set|another run began)|of another element)$/)
      : situation === 'stopped'
        ? expect.stringMatching(/^(AbortError: stopped|of another element)$/)
        : undefined
    // The run before ends as stopped; the new one never does.
    const heard = expect.stringMatching(/^(ptrm-stopped,)?ptrm-unsolved$/)
    for (const [name, outcome] of Object.entries(outcomes))
      expect([name, outcome]).toEqual([name, { ...wanted, before, heard }])
    const idle = !['loading', 'solving'].includes(situation)
    if (idle) expect(JSON.stringify(outcomes)).not.toContain('ptrm-stopped')
    expect(complaints).toEqual([])
  })

  it('is solved where the page set it before it knew the element, and with the solver that was set then', async () => {
    const solved = page.evaluate(
      async ([old, puzzle]) => {
        const digits = ({ puzzle: board }: { puzzle: unknown }) =>
          (board as { givens: Uint8Array }).givens.join('').replaceAll('0', '.')
        document.body.innerHTML = `<ptrm-solver>${old}</ptrm-solver><ptrm-solver>${puzzle}</ptrm-solver>`
        const [first, second] = document.querySelectorAll('ptrm-solver')
        first!.puzzle = puzzle
        second!.solver = Promise.reject(new Error('the solver that was set'))
        await customElements.whenDefined('ptrm-solver')
        const result = await first!.solve({ rollouts: 64, seed: 1 })
        return [digits(result), first!.state, await second!.solve().catch((error: Error) => error.message)]
      },
      [OLD, NEW] as const,
    )
    await defineElement()
    expect(await solved).toEqual([NEW, 'solved', 'the solver that was set'])
  })

  it('is the attribute’s while there is one, as its text may be for pages without scripts', async () => {
    await defineElement()
    const boards = await page.evaluate(
      ([old, puzzle]) => {
        const digits = () =>
          (element.board!.puzzle as { givens: Uint8Array }).givens.join('').replaceAll('0', '.')
        document.body.innerHTML = `<ptrm-solver puzzle="${puzzle}">Your browser runs no scripts.</ptrm-solver>`
        const element = document.querySelector('ptrm-solver')!
        const boards = [digits()]
        element.textContent = old
        boards.push(digits())
        element.removeAttribute('puzzle')
        boards.push(digits())
        element.textContent = ''
        boards.push(digits())
        element.puzzle = puzzle
        element.textContent = ' '
        boards.push(digits())
        return boards
      },
      [OLD, NEW] as const,
    )
    expect(boards).toEqual([NEW, NEW, OLD, '.'.repeat(81), NEW])
  })

  it('is shown when its text changes, without anyone asking', async () => {
    await defineElement()
    await page.evaluate((old) => {
      document.body.innerHTML = `<ptrm-solver>${old}</ptrm-solver>`
    }, OLD)
    expect(await page.getByRole('gridcell', { name: 'row 1, column 1: given 5' }).count()).toBe(1)
    await page.evaluate((puzzle) => {
      document.querySelector('ptrm-solver')!.firstChild!.nodeValue = puzzle
    }, NEW)
    await expect.poll(() => page.getByRole('gridcell', { name: 'row 1, column 1: blank' }).count()).toBe(1)
  })

  it('ends at once at stop() while the model is on its way, however long that takes', async () => {
    await page.route('**/*.safetensors', () => {}) // never answered
    await defineElement()
    const ended = await page.evaluate(async (puzzle) => {
      document.body.innerHTML = `<ptrm-solver>${puzzle}</ptrm-solver>`
      const element = document.querySelector('ptrm-solver')!
      const names: unknown[] = []
      const ways = [() => element.stop(), (ends: AbortController) => ends.abort(new Error('mine'))]
      for (const end of ways) {
        const ends = new AbortController()
        const running = element.solve({ signal: ends.signal }).catch((error: Error) => error.message)
        await new Promise((resolve) => setTimeout(resolve, 50))
        names.push(element.state)
        end(ends)
        names.push(await running, element.state)
      }
      return names
    }, NEW)
    expect(ended).toEqual(['loading', 'stopped', 'stopped', 'loading', 'mine', 'stopped'])
  })

  it('says what is wrong with a kind that there is none of, and solves the next', async () => {
    await defineElement()
    const [state, message, next] = await page.evaluate(async (puzzle) => {
      document.body.innerHTML = '<ptrm-solver kind="chess"></ptrm-solver>'
      const element = document.querySelector('ptrm-solver')!
      await element.updateComplete
      const message = await element.solve().catch((error: Error) => error.message)
      const { state } = element
      element.kind = 'sudoku'
      element.puzzle = puzzle
      return [state, message, (await element.solve({ rollouts: 64, seed: 1 })).status]
    }, NEW)
    expect([state, message, next]).toEqual([
      'error',
      expect.stringContaining("no puzzle kind 'chess'"),
      'verified',
    ])
    expect(complaints).toEqual([])
  })
})
