/** What the element and the page must do in every browser. Chromium has tests of its own beside these, and more of them. */
import { fileURLToPath } from 'node:url'
import { createSolver } from '@ptrm/orchestrator'
import { kindNamed } from '@ptrm/puzzles'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeUnless } from '../describe-unless.ts'
import { serve, type TestServer } from '../server.ts'
import type { OpenBrowser } from './browser.ts'
import { firefox } from './firefox.ts'
import { webkit } from './webkit.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FOLDERS = {
  '/': folder('../pages/'),
  '/ptrm/': folder('../../dist/standalone/'),
  '/demo/': folder('../../demo/dist/'),
}
const HARD = kindNamed('sudoku').examples[0].text
const PLAN = { rollouts: 4, steps: 5, sigma: 0.3, seed: 11, stop: 'all' } as const
const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const ANSWER = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'

/** A page that keeps what it complains of. */
const withComplaints = (html: string) =>
  html.replace('<head>', '<head><script src="/complaints.js"></script>')

for (const spec of [firefox, webkit]) {
  const lack = spec.isThere() ? undefined : `no ${spec.name} found. ${spec.remedy}`
  describeUnless(lack, spec.name, () => {
    let browser: OpenBrowser
    let server: TestServer
    beforeAll(async () => {
      server = await serve(FOLDERS, { rewrite: withComplaints })
      browser = await spec.open()
    })
    afterAll(async () => {
      await browser?.close()
      await server?.close()
    })

    async function open(path: string): Promise<void> {
      await browser.goto(server.origin + path)
      await browser.evaluate(() => customElements.whenDefined('ptrm-solver').then(() => {}))
    }

    /** Clicks in the middle of the first element that matches, in the solver's shadow tree where `inside`, scrolled to. */
    async function click(selector: string, inside = true): Promise<void> {
      const [x, y] = await browser.evaluate(
        (selector, inside) => {
          const root = inside ? document.querySelector('ptrm-solver')!.shadowRoot! : document
          const found = root.querySelector(selector)!
          found.scrollIntoView({ block: 'center', behavior: 'instant' })
          const { x, y, width, height } = found.getBoundingClientRect()
          return [x + width / 2, y + height / 2] as const
        },
        selector,
        inside,
      )
      await browser.click(x, y)
    }

    const textOf = (selector: string, inside = true) =>
      browser.evaluate(
        (selector, inside) => {
          const root = inside ? document.querySelector('ptrm-solver')!.shadowRoot! : document
          return root.querySelector(selector)?.textContent ?? null
        },
        selector,
        inside,
      )
    const cell = (index: number) =>
      browser.evaluate(
        (index) =>
          document
            .querySelector('ptrm-solver')!
            .shadowRoot!.querySelector(`[data-cell="${index}"]`)!
            .getAttribute('aria-label'),
        index,
      )

    it('hears what a page complains of', async () => {
      await open('/element.html')
      await browser.evaluate(() => console.error('as ordered'))
      await expect.poll(async () => (await browser.complaints()).join()).toContain('as ordered')
    })

    it('solves the puzzle at a press, under a strict policy and without isolation', async () => {
      await open('/element.html')
      expect(await browser.evaluate(() => crossOriginIsolated)).toBe(false)
      await click('[part=button]')
      await expect.poll(() => textOf('[part=status]')).toMatch(/^Solved by try \d+ of 64 in /)
      const answer = await browser.evaluate(() => {
        const { result } = document.querySelector('ptrm-solver')!
        return (result!.answer as Uint8Array).join('')
      })
      expect(answer).toBe(ANSWER)
      expect(await browser.complaints()).toEqual([])
    })

    /** The rollouts of a plan in the page, and by which kernel. */
    const rolloutsInPage = (variant: 'simd128' | undefined) =>
      browser.evaluate(
        async (puzzle, plan, kernelVariant) => {
          const solver = await globalThis.ptrm.createSolver({
            workers: 2,
            kernelVariant: kernelVariant ?? undefined,
          })
          const { candidates } = await solver.solve(puzzle, plan)
          await solver.close()
          return {
            kernel: solver.kernelVariant,
            rollouts: candidates.map(({ rollout, q, tokens }) => ({ rollout, q, tokens: tokens.join('') })),
          }
        },
        HARD,
        PLAN,
        variant ?? null,
      )

    async function rolloutsInNode(kernelVariant: 'simd128' | 'relaxed') {
      const solver = await createSolver({ kernelVariant, workers: 1 })
      const { candidates } = await solver.solve(HARD, PLAN)
      await solver.close()
      return candidates.map(({ rollout, q, tokens }) => ({ rollout, q, tokens: tokens.join('') }))
    }

    it('finds the same rollouts, answers and q as Node, bit for bit, by plain SIMD', async () => {
      await open('/element.html')
      const { kernel, rollouts } = await rolloutsInPage('simd128')
      expect(kernel).toBe('simd128')
      expect(rollouts).toHaveLength(PLAN.rollouts)
      expect(rollouts).toEqual(await rolloutsInNode('simd128'))
    })

    // Relaxed where the browser has it. Its bits may differ on other hardware, by the browser's choice of instructions.
    it('finds the same answers by the kernel that it takes by itself, and q to the second digit', async () => {
      await open('/element.html')
      const { kernel, rollouts } = await rolloutsInPage(undefined)
      const inNode = await rolloutsInNode(kernel)
      expect(rollouts.map(({ tokens }) => tokens)).toEqual(inNode.map(({ tokens }) => tokens))
      for (const [index, { q }] of rollouts.entries()) expect(q).toBeCloseTo(inNode[index]!.q, 2)
    })

    it('can be written on by keys and by the pad', async () => {
      await open('/element.html')
      await click('[data-cell="2"]')
      await browser.type('8')
      await expect.poll(() => cell(2)).toBe('row 1, column 3: given 8')
      await browser.press('ArrowRight')
      await browser.press('ArrowDown')
      await browser.type('5')
      await expect.poll(() => cell(12)).toBe('row 2, column 4: given 5')
      await browser.press('Backspace')
      await expect.poll(() => cell(12)).toBe('row 2, column 4: blank')
      await click('[part=key][aria-label="5"]')
      await expect.poll(() => cell(12)).toBe('row 2, column 4: given 5')
      await browser.type('7')
      await expect.poll(() => cell(12)).toBe('row 2, column 4: given 7')
      expect(await browser.complaints()).toEqual([])
    })

    it('opens the page with its story, and solves there', async () => {
      await open('/demo/')
      await expect.poll(() => textOf('#narrator', false)).toMatch(/^Alone, without noise: stuck/)
      await browser.goto('about:blank')
      await open(`/demo/#p=${EASY}&k=8&d=8&s=0.3&seed=1`)
      await click('#solve', false)
      await expect.poll(() => textOf('#status', false)).toMatch(/^Solved by try \d; \d of 8 tries right/)
      expect(await browser.complaints()).toEqual([])
    })
  })
}
