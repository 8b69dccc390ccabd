/** The element in a real Chromium, on plain pages under a strict policy. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { createSolver } from '@ptrm/orchestrator'
import type { Page } from 'playwright-core'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { tinyModel } from '../../core-wasm/test/tiny-model.ts'
import { BrowserFixture, complaintsOf, describeInChromium } from './chromium.ts'
import { STRICT_POLICY, serve } from './server.ts'

declare global {
  /** What the element's script exports, by pages/api.js. */
  var ptrm: typeof import('../src/index.ts')
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Random weights, quick to run. */
const models = mkdtempSync(join(tmpdir(), 'ptrm-models-'))
afterAll(() => rmSync(models, { recursive: true }))
writeFileSync(
  join(models, 'tapa-15x15.safetensors'),
  tinyModel({ config: { kind: 'tapa', vocab_size: 46, answer_tokens: [1, 2], seq_len: 225 } }),
)
const FOLDERS = {
  '/models/': models,
  '/': folder('./pages/'),
  '/ptrm/': folder('../dist/standalone/'),
  '/moved/': folder('../dist/standalone/assets/'),
}
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const HARD = readFileSync(folder('../../../examples/sudoku-hard.txt'), 'utf8').split('\n')[3]!

describeInChromium('<ptrm-solver> in Chromium', () => {
  const fixture = new BrowserFixture(FOLDERS)
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    page = await fixture.newPage()
    complaints = complaintsOf(page)
  })

  /** Opens the plain page, with the element's puzzle replaced. */
  async function open(puzzle?: string, attributes: Readonly<Record<string, string>> = {}): Promise<void> {
    await page.goto(`${fixture.server.origin}/element.html`)
    await page.waitForFunction(() => customElements.get('ptrm-solver'))
    await page.evaluate(
      ([text, extra]) => {
        const element = document.querySelector('ptrm-solver')!
        for (const [name, value] of Object.entries(extra)) element.setAttribute(name, value)
        if (text !== null) element.puzzle = text
      },
      [puzzle ?? null, attributes] as const,
    )
  }

  const state = (...wanted: string[]) =>
    page.waitForSelector(wanted.map((name) => `ptrm-solver[state="${name}"]`).join(), { timeout: 60_000 })
  const status = () => page.locator('ptrm-solver [part=status]').textContent()
  const press = (name: string) => page.getByRole('button', { name }).click()

  it('solves the puzzle in its text at a press, under a strict policy and without isolation', async () => {
    await open()
    expect(await page.evaluate(() => crossOriginIsolated || typeof SharedArrayBuffer !== 'undefined')).toBe(
      false,
    )
    const heard = page.evaluate(() => {
      const types: string[] = []
      for (const type of ['ptrm-step', 'ptrm-rollout', 'ptrm-solved'])
        document.addEventListener(type, () => types.push(type))
      return new Promise<{ types: string[]; status: string; digits: string }>((resolve) => {
        document
          .querySelector('ptrm-solver')!
          .addEventListener('ptrm-solved', ({ detail }) =>
            setTimeout(() =>
              resolve({ types, status: detail.status, digits: (detail.answer as Uint8Array).join('') }),
            ),
          )
      })
    })
    await press('Solve')
    await state('solved')
    const { types, ...rest } = await heard
    expect(rest).toEqual({
      status: 'verified',
      digits: '528194637193567824467823519241935768639748251875612493712386945384259176956471382',
    })
    expect(types).toContain('ptrm-step')
    expect(types.at(-1)).toBe('ptrm-solved')
    expect(await status()).toMatch(/^Solved by try \d+ of 64 in /)
    expect(await page.getByRole('gridcell', { name: 'row 1, column 3: blank, answer 8' }).count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it('solves a hard one that plain TRM does not', async () => {
    await open(HARD, { rollouts: '1', sigma: '0' })
    await press('Solve')
    await state('unsolved')
    expect(await status()).toMatch(/^None of 1 try is right/)
    await open(HARD, { rollouts: '64', seed: '1' })
    await press('Solve')
    await state('solved')
    expect(complaints).toEqual([])
  })

  it('takes the model of the kind that takes the board', async () => {
    await open('https://puzz.link/p?heyawake/11/4/6b6a6a3207g07vs4g3h120g1h', { kind: 'heyawake' })
    await press('Solve')
    await state('solved')
    expect(complaints).toEqual([])
  })

  it('stops in the middle, and solves again', async () => {
    await open(EASY, { rollouts: '5000', steps: '2000', 'stop-rule': 'all' })
    await press('Solve')
    await state('solving')
    await page.waitForFunction(() =>
      document.querySelector('ptrm-solver')!.shadowRoot!.querySelector('svg .answer'),
    )
    await press('Stop')
    await state('stopped')
    const name = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      const running = element.solve().catch((error: Error) => error.name)
      await new Promise((resolve) => setTimeout(resolve, 50))
      element.stop()
      return running
    })
    expect(name).toBe('AbortError')
    const solved = await page.evaluate(() =>
      document.querySelector('ptrm-solver')!.solve({ rollouts: 64, steps: 16, stop: 'first-verified' }),
    )
    expect(solved.status).toBe('verified')
  })

  it.each([
    ['a text that is no puzzle', '12345', /:1:\d+: /],
    ['givens that contradict each other', `11${'.'.repeat(79)}`, /givens contradict/],
  ])('says what is wrong with %s', async (_, puzzle, message) => {
    await open(puzzle)
    const [error] = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      const heard: string[] = []
      element.addEventListener('ptrm-error', ({ detail }) => heard.push(detail.message))
      await element.solve().catch(() => {})
      return heard
    })
    expect(error).toMatch(message)
    await state('error')
    expect(await status()).toMatch(message)
  })

  it('names a bad plan', async () => {
    await open(EASY, { rollouts: 'many' })
    await press('Solve')
    await state('error')
    expect(await status()).toMatch(/plan\.rollouts: found NaN/)
  })

  it('comes through crashes of a worker, with the same result', async () => {
    await open(EASY)
    const outcome = await page.evaluate(async () => {
      const { browserAdapter, createSolver } = globalThis.ptrm
      let spawned = 0
      const solverOf = (doomed: number) => {
        spawned = 0
        const make = () =>
          new Worker('/crashing-worker.js', { type: 'module', name: spawned++ < doomed ? 'doomed' : 'sound' })
        return createSolver({ adapter: browserAdapter(make), workers: 1 })
      }
      const puzzle = document.querySelector('ptrm-solver')!.puzzle!
      const plan = { rollouts: 3, steps: 4, seed: 5, stop: 'all' } as const
      const calm = await solverOf(0)
      const wanted = await calm.solve(puzzle, plan)
      const shaken = await solverOf(2)
      const found = await shaken.solve(puzzle, plan)
      const spawnedInAll = spawned
      const doomed = await solverOf(99)
      const failure = await doomed
        .solve(puzzle, plan)
        .catch((error: Error) => `${error.name}: ${error.message}`)
      await Promise.all([calm, shaken, doomed].map((solver) => solver.close()))
      const rollouts = ({ candidates }: typeof wanted) =>
        candidates.map(({ q, tokens }) => [q, tokens.join('')])
      return {
        same: JSON.stringify(rollouts(wanted)) === JSON.stringify(rollouts(found)),
        spawnedInAll,
        failure,
      }
    })
    expect(outcome.same).toBe(true)
    expect(outcome.spawnedInAll).toBe(3)
    expect(outcome.failure).toMatch(/^WorkerCrashedError: rollout \d.*3 times.*doomed as ordered/)
  })

  it('rejects with the error that a worker threw, its fields among it', async () => {
    await open(EASY)
    const error = await page.evaluate(async () => {
      const response = await fetch('/moved/sudoku-2.safetensors')
      const modelBytes = new Uint8Array(await response.arrayBuffer())
      // Only workers look at the weights, the last of which is now no number in any float type.
      modelBytes.fill(0xff, -4)
      const solver = await globalThis.ptrm.createSolver({ modelBytes, workers: 1 })
      const thrown = await solver.solve('.'.repeat(81)).catch((error: unknown) => error)
      await solver.close()
      const { name, code, tensor, message } = thrown as Error & { code: string; tensor: string }
      return { name, code, tensor, message }
    })
    expect(error).toMatchObject({ name: 'ModelFormatError', code: 'not-finite' })
    expect(error.message).toContain(error.tensor)
  })

  it('takes weights and kernel from where it is told, and as many workers', async () => {
    const fetched: string[] = []
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
    await open(EASY, {
      'model-url': '/moved/sudoku-2.safetensors',
      'wasm-url': 'moved/ptrm_core_bg.wasm',
      workers: '1',
      rollouts: '4',
      'stop-rule': 'all',
    })
    await press('Solve')
    await state('solved')
    expect(page.workers()).toHaveLength(1)
    expect(fetched.filter((path) => /wasm|safetensors/.test(path)).sort()).toEqual([
      '/moved/ptrm_core_bg.wasm',
      '/moved/sudoku-2.safetensors',
    ])
  })

  it.each([
    ['model', 'chess', /no bundled model 'chess'; there are sudoku-2 .*tapa-5/],
    [
      'model-url',
      '/nowhere.safetensors',
      /can't fetch the model .*nowhere\.safetensors: HTTP 404\. Check modelUrl/,
    ],
    ['wasm-url', '/nowhere.wasm', /can't load the simd128 kernel from .*nowhere\.wasm.*404/],
    ['model-url', '/element.html', /safetensors/],
  ])('says what is wrong with %s %s', async (attribute, url, message) => {
    await open(EASY, { [attribute]: url })
    await press('Solve')
    await state('error')
    expect(await status()).toMatch(message)
  })

  it('finds the same rollouts, answers and q as Node for the same seed', async () => {
    await open(HARD)
    const plan = { rollouts: 6, steps: 5, sigma: 0.3, seed: 11, stop: 'all' } as const
    const inPage = await page.evaluate(
      async ([puzzle, options]) => {
        const { createSolver } = globalThis.ptrm
        const solver = await createSolver({ kernelVariant: 'simd128' })
        const { candidates, status } = await solver.solve(puzzle, options)
        await solver.close()
        return { status, rollouts: candidates.map(({ rollout, q, tokens }) => [rollout, q, tokens.join('')]) }
      },
      [HARD, plan] as const,
    )
    const solver = await createSolver({ kernelVariant: 'simd128', workers: 1 })
    const { candidates, status } = await solver.solve(HARD, plan)
    await solver.close()
    const inNode = candidates.map(({ rollout, q, tokens }) => [rollout, q, tokens.join('')])
    expect(inNode).toHaveLength(6)
    expect(inPage).toEqual({ status, rollouts: inNode })
  })

  it('can be written on by keyboard', async () => {
    await open('.'.repeat(81))
    await page.getByRole('gridcell', { name: 'row 1, column 1: blank' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('7')
    expect(await page.getByRole('gridcell', { name: 'row 2, column 2: given 7' }).count()).toBe(1)
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Control+End')
    await page.keyboard.type('x3')
    expect(await page.evaluate(() => document.querySelector('ptrm-solver')!.puzzle)).toMatch(/3$/)
    expect(await page.getByRole('gridcell', { name: /given/ }).count()).toBe(1)
    await page.evaluate((url) => {
      document.querySelector('ptrm-solver')!.puzzle = url
    }, 'https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2')
    await page.getByRole('gridcell', { name: 'row 2, column 2: blank' }).focus()
    await page.keyboard.type('12')
    expect(await page.getByRole('gridcell', { name: 'row 2, column 2: given 1 2' }).count()).toBe(1)
  })

  it('can be written on by a pad, as phones have no keys, and taken back', async () => {
    await open('.'.repeat(81))
    const given = (digit: number) => page.getByRole('gridcell', { name: `row 1, column 2: given ${digit}` })
    await page.getByRole('gridcell').nth(1).click()
    await press('7')
    await expect.poll(() => given(7).count()).toBe(1)
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('PTRM-SOLVER')
    await press('3')
    await press('Undo')
    await expect.poll(() => given(7).count()).toBe(1)
    await page.keyboard.press('Control+Shift+Z')
    await expect.poll(() => given(3).count()).toBe(1)
    await press('Clear')
    await expect.poll(() => page.getByRole('gridcell', { name: /given/ }).count()).toBe(0)
    await page.keyboard.press('Control+z')
    await expect.poll(() => given(3).count()).toBe(1)
  })

  it('says which keys it takes, and what it refuses', async () => {
    await open(undefined, { kind: 'heyawake', puzzle: '' })
    await expect
      .poll(() => page.locator('ptrm-solver [part=hint]').textContent())
      .toMatch(/a letter moves the cell/)
    await open('.'.repeat(81))
    await page.getByRole('gridcell').first().focus()
    await page.keyboard.type('x')
    await expect.poll(status).toBe('‘x’ can’t be written here. Digits 1 to 9 are givens')
    expect(await page.locator('ptrm-solver .spoken').textContent()).toBe(await status())
    await page.keyboard.type('4')
    await expect.poll(status).toBe('')
  })

  it('takes a whole puzzle from the clipboard, and says why it takes another text not', async () => {
    await open('.'.repeat(81))
    const paste = (text: string) =>
      page.evaluate((text) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', text)
        const cell = document.querySelector('ptrm-solver')!.shadowRoot!.querySelector('[data-cell="0"]')!
        cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true }))
      }, text)
    await paste('no puzzle')
    await expect.poll(status).toMatch(/^What was pasted is no puzzle: .*:1:/)
    await paste('https://puzz.link/p?tapa/6/6/2ga8g1g4g6o4i7p5g2')
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toBe('tapa board')
  })

  it('writes where the focus stands, also after the page has set another puzzle', async () => {
    await open('.'.repeat(81))
    await page.getByRole('gridcell').nth(40).focus()
    await page.evaluate(
      (puzzle) => {
        document.querySelector('ptrm-solver')!.puzzle = puzzle
      },
      `1${'.'.repeat(80)}`,
    )
    await page.keyboard.type('9')
    await expect.poll(() => page.getByRole('gridcell', { name: 'row 5, column 5: given 9' }).count()).toBe(1)
  })

  it('can be written on by clicks: the first goes to a cell, further ones through what it may hold', async () => {
    await open('lightup\n. .\n. .')
    const names = () => page.getByRole('gridcell').evaluateAll((all) => all.map((cell) => cell.ariaLabel))
    await page.getByRole('gridcell').nth(1).click()
    expect((await names())[1]).toBe('row 1, column 2: blank')
    for (const words of ['wall', 'wall, clue 0', 'wall, clue 1']) {
      await page.getByRole('gridcell').nth(1).click()
      await expect.poll(async () => (await names())[1]).toBe(`row 1, column 2: ${words}`)
    }
    await page.evaluate(() => document.querySelector('ptrm-solver')!.setAttribute('readonly', ''))
    await page.getByRole('gridcell').nth(1).click()
    expect((await names())[1]).toBe('row 1, column 2: wall, clue 1')
  })

  it('is played on: an answer of one’s own, checked and hinted at on request; the puzzle stays as it is', async () => {
    const given = EASY.replaceAll('.', '').length
    await open(EASY, { play: '', seed: '1' })
    const hint = () => page.locator('ptrm-solver [part=hint]').textContent()
    const cell = (name: string) =>
      page.getByRole('gridcell', { name: `row 1, column 3: ${name}`, exact: true })
    await expect.poll(hint).toMatch(/^Digits 1 to 9 are your answer/)
    await cell('blank').click()
    await page.keyboard.type('5')
    await expect.poll(() => cell('blank, answer 5').count()).toBe(1)
    expect(await page.getByRole('gridcell', { name: /breaks a rule/ }).count()).toBe(0)
    await press('Check')
    await expect.poll(hint).toMatch(/^\d+ cells break a rule: 5 repeats in row 1/)
    expect(await page.locator('ptrm-solver .spoken').textContent()).toBe(await hint())
    expect(await page.getByRole('gridcell', { name: /breaks a rule/ }).count()).toBeGreaterThan(1)
    await press('Undo')
    await expect.poll(() => cell('blank').count()).toBe(1)
    await press('Check')
    await expect.poll(hint).toMatch(/^No rule is broken so far; \d+ cells are open/)
    await press('Hint')
    await expect.poll(hint).toMatch(/^1[456] of 16 tries agree: row \d, column \d is \d\./)
    expect(await page.getByRole('gridcell', { name: /answer/ }).count()).toBe(1)
    expect(await page.getByRole('gridcell', { name: /given/ }).count()).toBe(given)
    await press('Clear')
    await expect.poll(() => page.getByRole('gridcell', { name: /answer/ }).count()).toBe(0)
    await press('Solve')
    await state('solved')
    await expect.poll(() => page.getByRole('gridcell', { name: /answer/ }).count()).toBe(81 - given)
    expect(complaints).toEqual([])
  })

  it('loads what playing needs when it is asked for', async () => {
    const fetched: string[] = []
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
    await open(EASY)
    expect(fetched.filter((path) => path.endsWith('/play.js'))).toEqual([])
    await page.evaluate(() => document.querySelector('ptrm-solver')!.toggleAttribute('play', true))
    await expect.poll(() => page.getByRole('button', { name: 'Hint' }).count()).toBe(1)
    await page.evaluate(() => document.querySelector('ptrm-solver')!.toggleAttribute('play', false))
    await expect.poll(() => page.getByRole('button', { name: 'Hint' }).count()).toBe(0)
    await page.getByRole('gridcell').nth(2).focus()
    await page.keyboard.type('8')
    await expect.poll(() => page.getByRole('gridcell', { name: 'row 1, column 3: given 8' }).count()).toBe(1)
  })

  it('writes no clue in place of an answer while playing is being loaded, and says when it can’t be', async () => {
    let load = () => {}
    const asked = new Promise<void>((resolve) => {
      load = resolve
    })
    await page.route('**/play.js', async (route) => {
      await asked
      await route.abort()
    })
    await open(EASY, { play: '', pad: '' })
    const puzzle = () => page.evaluate(() => document.querySelector('ptrm-solver')!.puzzle)
    for (const name of ['7', 'Clear']) await press(name)
    expect(await puzzle()).toBe(EASY)
    load()
    await expect
      .poll(() => page.locator('ptrm-solver .spoken').textContent())
      .toMatch(/^Playing can’t be loaded/)
    await press('7')
    expect(await puzzle()).toBe(EASY)
    expect(complaints.filter((text) => !text.includes('ERR_FAILED'))).toEqual([])
  })

  it('shows what a listener of its error sets in the place of what was wrong', async () => {
    await open(EASY)
    await page.evaluate((puzzle) => {
      const element = document.querySelector('ptrm-solver')!
      element.addEventListener('ptrm-error', () => {
        element.puzzle = puzzle
      })
      element.puzzle = 'rubbish'
    }, HARD)
    const given = HARD.replaceAll('.', '').length
    await expect.poll(() => page.getByRole('gridcell', { name: /given/ }).count()).toBe(given)
    await state('idle')
  })

  it('solves a puzzle that was set in the same breath, after fetching what it needs ahead', async () => {
    await open()
    const solved = await page.evaluate(async (puzzle) => {
      const element = document.createElement('ptrm-solver')
      document.body.append(element)
      element.puzzle = puzzle
      const { model } = await element.load()
      element.puzzle = `${puzzle} `
      const { status } = await element.solve({ rollouts: 64 })
      return [model.kind, status, element.state]
    }, EASY)
    expect(solved).toEqual(['sudoku', 'verified', 'solved'])
  })

  it('has no accessibility violations, idle, solved and in error', async () => {
    await open()
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    }
    await check()
    await press('Solve')
    await state('solved')
    await check()
    await open('12345')
    await state('error')
    await check()
  })

  it('takes boards of one size after the other, and says so where one is too large for its model', async () => {
    await open(undefined, {
      'model-url': '/models/tapa-15x15.safetensors',
      kind: 'tapa',
      rollouts: '2',
      steps: '2',
    })
    const solve = (rows: number, cols: number) =>
      page.evaluate(
        async ([rows, cols]) => {
          const element = document.querySelector('ptrm-solver')!
          element.puzzle = Array(rows).fill(Array(cols).fill('.').join(' ')).join('\n')
          return element.solve().then(
            ({ answer }) => (answer as Uint8Array).length,
            (error: Error) => error.message,
          )
        },
        [rows, cols] as const,
      )
    const drawn = () => page.locator('ptrm-solver [role=gridcell]').count()
    for (const [rows, cols] of [
      [6, 6],
      [15, 15],
      [9, 5],
    ] as const) {
      expect(await solve(rows, cols)).toBe(rows * cols)
      expect(await drawn()).toBe(rows * cols)
    }
    expect(await solve(24, 24)).toBe(
      'a tapa board of 24 rows x 24 columns: this model takes boards of at most 15x15; the bundled tapa-5 takes it',
    )
    await state('error')
    expect(await drawn()).toBe(24 * 24)
    // Wide enough to be pressed.
    expect((await page.locator('ptrm-solver [data-cell="0"]').boundingBox())!.width).toBeGreaterThan(24)
    expect(await solve(1, 1)).toBe(1)
    expect(complaints).toEqual([])
  })

  it('ends its workers when it leaves the page, not when it is moved', async () => {
    await open(EASY)
    await page.evaluate(() => document.querySelector('ptrm-solver')!.solve())
    expect(page.workers().length).toBeGreaterThan(0)
    await page.evaluate(() => document.body.append(document.querySelector('ptrm-solver')!))
    await page.evaluate(() => document.querySelector('ptrm-solver')!.solve())
    const gone = page.waitForFunction(() => !document.querySelector('ptrm-solver'))
    await page.evaluate(() => document.querySelector('ptrm-solver')!.remove())
    await gone
    await expect.poll(() => page.workers().length).toBe(0)
  })

  it('shares workers and model among the elements of a page, until the last of them leaves', async () => {
    const fetched: string[] = []
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
    await open(EASY, { workers: '2' })
    const states = await page.evaluate(async () => {
      const first = document.querySelector('ptrm-solver')!
      for (let i = 0; i < 5; i++) document.body.append(first.cloneNode(true))
      const all = [...document.querySelectorAll('ptrm-solver')]
      await Promise.all(all.map((element) => element.solve({ rollouts: 2, steps: 2, stop: 'all' })))
      for (const element of all.slice(1)) element.remove()
      await new Promise((resolve) => setTimeout(resolve))
      return [all.length, (await first.solve({ rollouts: 1, steps: 1, stop: 'all' })).stats.rollouts]
    })
    expect(states).toEqual([6, 1])
    expect(page.workers()).toHaveLength(2)
    expect(fetched.filter((path) => path.endsWith('.safetensors'))).toHaveLength(1)
    await page.evaluate(() => document.querySelector('ptrm-solver')!.remove())
    await expect.poll(() => page.workers().length).toBe(0)
    expect(complaints).toEqual([])
  })

  it('rejects with an AbortError when it leaves the page in the middle of a run', async () => {
    await open(EASY, { rollouts: '5000', steps: '2000', 'stop-rule': 'all' })
    const message = await page.evaluate(async () => {
      const element = document.querySelector('ptrm-solver')!
      const running = element.solve().catch((error: Error) => `${error.name}: ${error.message}`)
      await new Promise((resolve) => element.addEventListener('ptrm-step', resolve, { once: true }))
      element.remove()
      return running
    })
    expect(message).toBe('AbortError: the element left its page')
    expect(complaints).toEqual([])
  })

  it.each(['akari', 'Light Up', 'LIGHTUP'])('knows a kind as people call it: %s', async (kind) => {
    await open('. .\n. .', { kind })
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toBe('lightup board')
    expect((await page.locator('ptrm-solver').boundingBox())!.height).toBeGreaterThan(100)
    expect(complaints).toEqual([])
  })

  it('says so where the engine has no SIMD', async () => {
    await page.addInitScript(() => {
      WebAssembly.validate = () => false
    })
    await page.goto(`${fixture.server.origin}/element.html`)
    await press('Solve')
    await state('error')
    expect(await status()).toMatch(/no WebAssembly SIMD.*Safari >= 16\.4/)
  })

  it('says what a policy lacks that forbids WebAssembly', async () => {
    const strict = await serve(FOLDERS, { policy: STRICT_POLICY.replace(" 'wasm-unsafe-eval'", '') })
    await page.goto(`${strict.origin}/element.html`)
    await press('Solve')
    await state('error')
    expect(await status()).toMatch(/'wasm-unsafe-eval'/)
    await strict.close()
  })
})
