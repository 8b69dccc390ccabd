/** All pictures of one run, kept in step: the wall, the pair of boards, the charts, the table. */
import type { SolveResult } from '@ptrm/orchestrator/browser'
import { isBrowsers } from '../src/cell-input.ts'
import { Pace } from '../src/pace.ts'
import type { Board } from '../src/puzzle.ts'
import { DemoBoard } from './board-element.ts'
import type { Charts } from './charts.ts'
import type { Palette } from './colours.ts'
import { miniBoard } from './mini.ts'
import { narrate } from './narrator.ts'
import { byId, html } from './page.ts'
import { qOf, type Rollout, type Rollouts } from './rollouts.ts'
import { Seldom } from './seldom.ts'
import { Wall } from './wall.ts'
import { confidenceText, counted, faultText, qText, tallyText } from './words.ts'

/** The large boards are redrawn this often while steps come in, and the charts: each costs more than the whole wall. */
const PAIR_EVERY_MS = 400
const CHARTS_EVERY_MS = 800

export class Views {
  rollouts: Rollouts | undefined
  readonly #wall: Wall
  #charts: Charts | undefined
  #palette: Palette
  readonly #told: (tally: string) => void
  readonly #calm = byId('calm', DemoBoard)
  readonly #noisy = byId('noisy', DemoBoard)
  readonly #rows = byId('rows', HTMLElement)
  readonly #narrator = byId('narrator', HTMLElement)
  readonly #hint = byId('hint', HTMLElement)
  readonly #hintText = this.#hint.textContent ?? ''
  #board: Board | undefined
  #chosen: number | undefined
  #followed: number | undefined
  /** What is drawn beside the wall; what was drawn last stands last. */
  readonly #slow: { readonly turn: Seldom; readonly draw: (rollouts: Rollouts) => void }[] = [
    { turn: new Seldom(PAIR_EVERY_MS), draw: (rollouts) => this.#drawPair(rollouts) },
    {
      turn: new Seldom(CHARTS_EVERY_MS),
      draw: (rollouts) => this.#charts?.showChart(rollouts, this.#followed),
    },
    {
      turn: new Seldom(CHARTS_EVERY_MS),
      draw: (rollouts) => this.#charts?.showScatter(rollouts, this.#followed),
    },
  ]
  readonly #pace = new Pace(() => this.#draw(performance.now()))
  /** Whether somebody waits for what is to be drawn next. */
  #isUrgent = false
  /** `told` hears how many tries are right and done, as often as that is drawn. */
  constructor(palette: Palette, told: (tally: string) => void) {
    this.#palette = palette
    this.#told = told
    const wall = byId('wall', HTMLElement)
    // A picture that keys walk through.
    wall.tabIndex = 0
    this.#wall = new Wall(wall, palette)
    const follow = (event: PointerEvent) => {
      this.#hint.ariaLive = 'off'
      // Between two boards the last stays, so that nothing flickers.
      const number = this.#wall.at(event.target)
      if (number !== undefined) this.#follow(number)
    }
    wall.addEventListener('pointermove', follow)
    wall.addEventListener('pointerdown', follow)
    wall.addEventListener('pointerleave', ({ pointerType }) => {
      // A finger leaves as soon as it is lifted; what it pointed at stays.
      if (pointerType !== 'touch') this.#follow(undefined)
    })
    wall.addEventListener('keydown', (event) => this.#onKey(event))
    this.#rows.closest('details')!.addEventListener('toggle', () => this.#fillTable())
    void this.#loadCharts()
  }

  begin(board: Board, rollouts: Rollouts): void {
    this.#board = board
    this.rollouts = rollouts
    document.querySelector('main')!.toggleAttribute('data-begun', true)
    this.#chosen = undefined
    this.#follow(undefined)
    this.#refreshAtOnce()
  }

  end(result: SolveResult | undefined): void {
    this.#chosen = result?.rollout
    this.rollouts?.finish()
    this.#refreshAtOnce()
    this.#fillTable()
  }

  recolour(palette: Palette): void {
    this.#palette = palette
    this.#wall.palette = palette
    if (this.#charts) this.#charts.palette = palette
    this.#refreshAtOnce()
  }

  /** Draws what has changed, soon. */
  refresh(): void {
    for (const { turn } of this.#slow) turn.isWanted = true
    this.#pace.ask()
  }

  #refreshAtOnce(): void {
    for (const { turn } of this.#slow) {
      turn.forget()
      turn.isWanted = true
    }
    this.#isUrgent = true
    this.#pace.askAtOnce()
  }

  /** After the rest, which is seen first. */
  async #loadCharts(): Promise<void> {
    const { Charts } = await import('./charts.ts')
    this.#charts = new Charts(this.#palette)
    this.#refreshAtOnce()
  }

  #draw(now: number): void {
    const { rollouts } = this
    if (!rollouts || !this.#board) return
    this.#wall.show(
      { board: this.#board, rollouts, chosen: this.#chosen, followed: this.#followed },
      this.#isUrgent,
    )
    this.#narrate(rollouts)
    const tally = tallyText(rollouts)
    byId('tally', HTMLElement).textContent = tally
    this.#told(tally)
    byId('wall', HTMLElement).ariaLabel =
      `${counted(rollouts.planned, 'small board')}, one for each try: ${tally}`
    // One of them a frame: together they would keep the page from answering.
    const [first, ...others] = this.#slow.filter(({ turn }) => turn.isDue(now))
    if (first) {
      first.turn.done(now)
      first.draw(rollouts)
      this.#slow.push(...this.#slow.splice(this.#slow.indexOf(first), 1))
    }
    this.#isUrgent &&= others.length > 0
    if (this.#isUrgent) this.#pace.askAtOnce()
    else if (this.#slow.some(({ turn }) => turn.isWanted)) this.#pace.ask()
  }

  /** Only what changed is written: it is spoken. */
  #narrate(rollouts: Rollouts): void {
    const { alone, now } = narrate(rollouts, ({ tokens }) => miniBoard(this.#board!, tokens).bad.size)
    for (const [tag, line] of Object.entries({ span: alone, strong: now })) {
      const box = this.#narrator.querySelector(tag)!
      if (box.textContent !== line) box.textContent = line
    }
  }

  #drawPair(rollouts: Rollouts): void {
    const calm = rollouts.get(0)
    const followed = this.#followed === undefined ? undefined : rollouts.get(this.#followed)
    const chosen = this.#chosen ? rollouts.get(this.#chosen) : undefined
    const noisy = followed ?? chosen ?? rollouts.bestNoisy()
    this.#calm.show(this.#board!, calm?.tokens)
    this.#noisy.show(this.#board!, noisy?.tokens)
    byId('noisy-title', HTMLElement).textContent = followed
      ? `Try ${followed.number}, ${followed.number === 0 ? 'no noise' : 'with noise'}`
      : `Best of ${Math.max(0, rollouts.planned - 1)} with noise`
    this.#tellVerdict('calm-verdict', calm)
    this.#tellVerdict('noisy-verdict', noisy)
    const { title } = this.#board!.kind
    this.#calm.ariaLabel = `${title}, the try without noise: ${calm ? this.#verdict(calm) : 'not run yet'}`
    this.#noisy.ariaLabel = `${title}, ${noisy ? `try ${noisy.number}: ${this.#verdict(noisy)}` : 'tries with noise: not run yet'}`
  }

  #tellVerdict(id: string, rollout: Rollout | undefined): void {
    const box = byId(id, HTMLElement)
    box.textContent = rollout ? this.#verdict(rollout) : ''
    if (rollout) box.dataset['right'] = String(rollout.verified)
    else delete box.dataset['right']
  }

  #verdict(rollout: Rollout): string {
    const belief = `confidence ${confidenceText(qOf(rollout))} after ${counted(rollout.q.length, 'step')}`
    if (rollout.verified) return `Right; ${belief}`
    const { size } = miniBoard(this.#board!, rollout.tokens).bad
    return `${faultText(size)}; ${belief}`
  }

  #follow(number: number | undefined): void {
    const rollout = number === undefined ? undefined : this.rollouts?.get(number)
    if (rollout?.number === this.#followed) return
    this.#followed = rollout?.number
    this.#hint.textContent = rollout ? `Try ${rollout.number}: ${this.#verdict(rollout)}` : this.#hintText
    this.#refreshAtOnce()
  }

  #onKey(event: KeyboardEvent): void {
    if (isBrowsers(event)) return
    const moves: Readonly<Record<string, readonly [places: number, rows: number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    }
    const move = moves[event.key]
    if (event.key === 'Escape') this.#follow(undefined)
    if (!move) return
    event.preventDefault()
    // Spoken for those who walk by keys; a pointer passes over many.
    this.#hint.ariaLive = 'polite'
    this.#follow(this.#wall.beside(this.#followed, ...move))
  }

  #fillTable(): void {
    if (!this.#rows.closest('details')!.open || !this.rollouts) return
    const row = (rollout: Rollout) => {
      const cells = [
        rollout.number,
        rollout.q.length,
        confidenceText(qOf(rollout)),
        qText(qOf(rollout)),
        rollout.verified ? 'right' : 'wrong',
      ]
      return html('tr', {}, ...cells.map((cell) => html('td', {}, String(cell))))
    }
    this.#rows.replaceChildren(...this.rollouts.ranked().map(row))
  }
}
