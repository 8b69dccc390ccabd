/** The demo page: a puzzle, a plan, and every rollout to be seen. */
import '../src/index.ts'
import { bundledModel, createSolver, type SolveResult } from '@ptrm/orchestrator/browser'
import { PtrmSolver } from '../src/solver-element.ts'
import { readPalette } from './colours.ts'
import { EXAMPLES } from './examples.ts'
import { fromFragment, toFragment } from './link.ts'
import { byId, toast } from './page.ts'
import { NOISE, PlanControls } from './plan-controls.ts'
import { PuzzleInput } from './puzzle-input.ts'
import { Rollouts } from './rollouts.ts'
import { startTheme } from './theme-button.ts'
import { Views } from './views.ts'

/** Values that a latent is made small to, for the scatter. */
const SKETCH = 48

const solver = byId('solver', PtrmSolver)
const button = byId('solve', HTMLButtonElement)
const status = byId('status', HTMLElement)
const controls = new PlanControls(() => share())
const views = new Views(readPalette())
const input = new PuzzleInput((url) => {
  solver.puzzle = url
  boardChanged()
})

let kindOnBoard: string | undefined

/** The board holds another puzzle: what was of the last one goes. */
function boardChanged(): void {
  const { board } = solver
  if (!board) return
  if (board.kind.name !== kindOnBoard) {
    kindOnBoard = board.kind.name
    const sigma = NOISE[kindOnBoard]
    if (sigma !== undefined) controls.set({ sigma })
  }
  const { rollouts, steps } = controls.plan
  views.begin(board, new Rollouts(rollouts, steps))
  const canSolve = bundledModel(board.kind.name) !== undefined || solver.solver !== undefined
  button.disabled = !canSolve
  say(
    canSolve
      ? ''
      : `No weights for ${board.kind.name} come with this page yet: draw it here, or bring weights.`,
  )
  share()
}

function share(): void {
  if (solver.puzzle) history.replaceState(null, '', toFragment({ puzzle: solver.puzzle, ...controls.plan }))
}

function say(text: string, state = 'idle'): void {
  status.textContent = text
  status.dataset['state'] = state
}

async function solve(): Promise<void> {
  const { board } = solver
  if (!board) return
  const { stop, ...plan } = controls.plan
  const rollouts = new Rollouts(plan.rollouts, plan.steps)
  views.begin(board, rollouts)
  button.textContent = 'Stop'
  say('Loading the model')
  try {
    // Unless it is to stop at the rules' word, the network alone chooses.
    const by = stop
      ? ({ stop: 'first-verified', select: 'verified' } as const)
      : ({ stop: 'all', select: 'best-q' } as const)
    const result = await solver.solve({ ...plan, ...by, sketch: SKETCH })
    views.end(result)
    say(verdict(result), result.status === 'verified' ? 'solved' : 'unsolved')
  } catch (error) {
    const isStop = (error as Error).name === 'AbortError'
    views.end(undefined)
    say(isStop ? 'Stopped' : (error as Error).message, isStop ? 'stopped' : 'error')
  }
  button.textContent = 'Solve'
}

function verdict({ status, candidates, stats, rollout }: SolveResult): string {
  const seconds = `${(stats.ms / 1000).toFixed(1)} s`
  const right = candidates.filter(({ firstVerified }) => firstVerified).length
  const were = `${right} of ${stats.rollouts} got it right (${seconds})`
  if (status === 'verified') return `Solved by try ${rollout}; ${were}`
  if (right > 0) return `q chose try ${rollout}, which is wrong; ${were}`
  return `None of ${stats.rollouts} tries is right (${seconds}). More tries, more steps, other noise?`
}

solver.addEventListener('ptrm-step', ({ detail }) => {
  views.rollouts?.hear(detail)
  const { right = 0, done = 0 } = views.rollouts?.tally() ?? {}
  say(`${done} of ${views.rollouts?.planned} done, ${right} right`)
  views.refresh()
})
solver.addEventListener('ptrm-rollout', ({ detail }) => views.rollouts?.end(detail.candidate.rollout))
solver.addEventListener('ptrm-puzzle', ({ detail }) => {
  input.show(detail.url)
  boardChanged()
})
button.addEventListener('click', () => (button.textContent === 'Stop' ? solver.stop() : void solve()))

byId('share', HTMLButtonElement).addEventListener('click', async () => {
  share()
  try {
    if (navigator.share && matchMedia('(pointer: coarse)').matches)
      await navigator.share({ url: location.href })
    else await navigator.clipboard.writeText(location.href)
    toast('The link holds the puzzle and the plan.')
  } catch {
    toast('The link is in the address bar.')
  }
})

byId('weights', HTMLInputElement).addEventListener('change', async ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? []
  if (!file) return
  try {
    const made = await createSolver({ modelBytes: new Uint8Array(await file.arrayBuffer()) })
    solver.solver = made
    toast(`${file.name}: weights for ${made.kind.name}`)
    boardChanged()
  } catch (error) {
    toast((error as Error).message)
  }
})

function open(): void {
  const shared = fromFragment(location.hash)
  controls.set(shared)
  input.read(shared.puzzle ?? EXAMPLES[0]!.text)
  // Again: a puzzle of another kind brings its own noise with it.
  controls.set(shared)
  share()
}

startTheme(() => views.recolour(readPalette()))
addEventListener('hashchange', open)
open()

if (import.meta.env.PROD && 'serviceWorker' in navigator)
  navigator.serviceWorker.register('./sw.js').catch((error) => console.warn('no offline use:', error))
