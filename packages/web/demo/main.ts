/** The demo page: a puzzle, a plan, and every rollout to be seen. */
import '../src/index.ts'
import { bundledModel, createSolver, modelFor, type Solver } from '@ptrm/orchestrator/browser'
import type { Board } from '../src/puzzle.ts'
import { PtrmSolver } from '../src/solver-element.ts'
import { unlessAborted } from '../src/unless-aborted.ts'
import { readPalette } from './colours.ts'
import { faultOf, fromFragment, toFragment } from './link.ts'
import { isBlank, Mode } from './mode.ts'
import { startOffline } from './offline.ts'
import { Opening, tellOrigin } from './opening.ts'
import { byId, toast } from './page.ts'
import { PlanControls } from './plan-controls.ts'
import { PuzzleInput } from './puzzle-input.ts'
import { Rollouts, SKETCH } from './rollouts.ts'
import { rulesOf } from './rules.ts'
import { startTheme } from './theme-button.ts'
import { Views } from './views.ts'
import { verdictText } from './words.ts'

const solver = byId('solver', PtrmSolver)
const button = byId('solve', HTMLButtonElement)
const status = byId('status', HTMLElement)
const controls = new PlanControls(() => {
  opening.end()
  tellLinkFault('')
  shareSoon()
  tellWhetherReady()
})
const views = new Views(readPalette(), (tally) => {
  if (solver.state === 'solving' && views.rollouts?.started.length) say(tally, 'solving')
})
const input = new PuzzleInput(
  (url) => {
    if (run && url === solver.puzzle) {
      // Another spelling of what is being solved: the run goes on.
      tellWhetherReady()
      return
    }
    solver.puzzle = url
    boardChanged('push')
  },
  () => {
    opening.end()
    stop()
    tellWhetherReady()
  },
)

const opening = new Opening({
  isUntouched: (puzzle) => solver.board !== undefined && solver.state === 'idle' && input.text === puzzle,
  settled: () => recommended,
  begin: (rollouts) => {
    if (solver.board) views.begin(solver.board, rollouts)
    say('Recorded. Solve runs it live.')
  },
  refresh: () => views.refresh(),
  goLive: () => {
    if (obstacle() === undefined) void solve()
  },
})

const mode = new Mode(solver, () => opening.end())

// Answers that people write change no puzzle, so nothing else tells of them.
for (const type of ['pointerdown', 'keydown']) solver.addEventListener(type, () => opening.end())

/** The bundled model for the board, or its kind where there is none. */
let modelOnBoard: string | undefined
/** Resolves when the plan is what the model for the board recommends (true), or there is no model to be had. */
let recommended: Promise<boolean> = Promise.resolve(false)
/** Weights of the visitor's own, for boards of their kind. */
let own: Solver | undefined
/** Whether the page reads its own link: what it shows then is in the history already. */
let isOpening = false
/** What ends the run, from Solve on. */
let run: AbortController | undefined

/** The board holds another puzzle: what was of the last one goes. */
function boardChanged(way: HistoryWay = 'replace'): void {
  const { board } = solver
  if (!board) return
  opening.end()
  stop()
  run = undefined
  showBusy(false)
  const { kind } = board
  const model = modelFor(board)?.name ?? kind.name
  if (model !== modelOnBoard) {
    modelOnBoard = model
    solver.solver = own?.kind.name === kind.name ? own : undefined
    controls.forgetNoise()
    recommended = recommend()
  }
  if (isBlank(board)) mode.set('clues')
  begin(board)
  tellLinkFault('')
  say('')
  tellWhetherReady()
  share(way)
}

/** What keeps the page from solving what its fields say; undefined where nothing does. */
function obstacle(): string | undefined {
  // What would be right stands beside the box.
  if (input.isRefused) return `Not what you typed. ${input.fault.split(', expected')[0]}`
  if (controls.isRefused) return 'The seed can’t be used: see the message there.'
  const { name } = solver.board?.kind ?? {}
  if (name === undefined || bundledModel(name) || solver.solver) return undefined
  return `No weights for ${name} come with this page yet: draw it here, or bring weights.`
}

/** Solve is there only while it solves what the fields say; Stop is there as long as a run is. */
function tellWhetherReady(): void {
  solver.classList.toggle('stale', input.isRefused)
  const reason = run ? undefined : obstacle()
  button.disabled = reason !== undefined
  if (reason !== undefined) say(reason, 'blocked')
  else if (status.dataset['state'] === 'blocked') say('')
}

function tellLinkFault(text: string): void {
  byId('link-fault', HTMLElement).textContent = text
}

function begin(board: Board): void {
  tellOrigin('')
  byId('rules', HTMLElement).textContent = rulesOf(board.kind.name)
  const { rollouts, steps } = controls.plan
  const begun = new Rollouts(rollouts, steps)
  views.begin(board, begun)
}

/** The plan is the model's own, which is therefore fetched when a board for it is there. */
async function recommend(): Promise<boolean> {
  const wanted = modelOnBoard
  try {
    const { model } = await solver.load()
    // By then another may be there.
    if (wanted !== modelOnBoard || !solver.board) return true
    controls.recommend(model.recommended)
    if (solver.state === 'idle') begin(solver.board)
    share()
    return true
  } catch {
    // Whoever presses Solve is told.
    return false
  }
}

/** `push`: Back leads to the puzzle that was there before. */
type HistoryWay = 'push' | 'replace'

function share(way: HistoryWay = 'replace'): void {
  clearTimeout(sharing)
  const fragment = fragmentNow()
  // Writing into the history while the browser goes back or forward in it can undo that.
  if (fragment === undefined || fragment === location.hash) return
  const isNew = fromFragment(fragment).puzzle !== fromFragment(location.hash).puzzle
  if (way === 'push' && isNew && !isOpening) history.pushState(null, '', fragment)
  else history.replaceState(null, '', fragment)
}

/** A link holds what its receiver can solve; undefined where that can't be said. */
function fragmentNow(): string | undefined {
  if (!solver.puzzle || input.isRefused || controls.isRefused) return undefined
  return toFragment({ puzzle: solver.puzzle, ...controls.plan })
}

let sharing: ReturnType<typeof setTimeout> | undefined

/** When a slider comes to rest: browsers refuse pages that write into the history a hundred times in some seconds. */
function shareSoon(): void {
  clearTimeout(sharing)
  sharing = setTimeout(share, 300)
}

function say(text: string, state = 'idle'): void {
  status.textContent = text
  status.dataset['state'] = state
}

async function solve(): Promise<void> {
  opening.end()
  const mine = new AbortController()
  run = mine
  showBusy(true)
  say('Loading the model')
  const { signal } = mine
  try {
    await unlessAborted(signal, settlePlan())
    const { stop, ...plan } = controls.plan
    if (solver.board) begin(solver.board)
    tellOrigin('Live, on your machine')
    // Unless it is to stop at the rules' word, the network alone chooses.
    const by = stop
      ? ({ stop: 'first-verified', select: 'verified' } as const)
      : ({ stop: 'all', select: 'best-q' } as const)
    const result = await solver.solve({ ...plan, ...by, sketch: SKETCH, signal })
    views.end(result)
    rest(
      verdictText(result, views.rollouts?.tally().right ?? 0),
      result.status === 'verified' ? 'solved' : 'unsolved',
    )
  } catch (error) {
    // Another puzzle is on the board: it has nothing of this run.
    if (run !== mine) return
    views.end(undefined)
    const isStop = (error as Error).name === 'AbortError'
    rest(isStop ? 'Stopped' : (error as Error).message, isStop ? 'stopped' : 'error')
  }
}

/** Waits for the model's own plan; asks again where it could not be had, as networks come back. */
async function settlePlan(): Promise<void> {
  if (await recommended) return
  recommended = recommend()
  await recommended
}

function stop(): void {
  run?.abort(new DOMException('stopped', 'AbortError'))
}

function rest(text: string, state: string): void {
  run = undefined
  say(text, state)
  showBusy(false)
  tellWhetherReady()
}

function showBusy(isBusy: boolean): void {
  button.textContent = isBusy ? 'Stop' : 'Solve'
  button.parentElement!.toggleAttribute('data-busy', isBusy)
}

solver.addEventListener('ptrm-step', ({ detail }) => {
  views.rollouts?.hear(detail)
  views.refresh()
})
solver.addEventListener('ptrm-rollout', ({ detail }) => views.rollouts?.end(detail.candidate.rollout))
solver.addEventListener('ptrm-puzzle', ({ detail }) => {
  input.show(detail.url)
  boardChanged()
})
button.addEventListener('click', () => (run ? stop() : void solve()))

byId('share', HTMLButtonElement).addEventListener('click', async () => {
  const fragment = fragmentNow()
  if (fragment === undefined) {
    toast('There is nothing to share yet: see the message beside the fields.')
    return
  }
  const url = new URL(fragment, location.href).href
  try {
    share()
    if (navigator.share && matchMedia('(pointer: coarse)').matches) await navigator.share({ url })
    else await navigator.clipboard.writeText(url)
    toast('The link holds the puzzle and the plan.')
  } catch {
    toast('The link is in the address bar.')
  }
})

byId('weights', HTMLInputElement).addEventListener('change', async ({ target }) => {
  const input = target as HTMLInputElement
  const [file] = input.files ?? []
  if (!file) return
  input.value = '' // the same file again is a change again
  try {
    const made = await createSolver({ modelBytes: new Uint8Array(await file.arrayBuffer()) })
    const former = own
    own = made
    modelOnBoard = undefined // what is recommended is another now
    boardChanged()
    toast(`${file.name}: weights for ${made.kind.name}`)
    await former?.close()
  } catch (error) {
    toast((error as Error).message)
  }
})

function open(): void {
  isOpening = true
  try {
    openLink()
  } finally {
    isOpening = false
  }
}

function openLink(): void {
  const fragment = location.hash
  const shared = fromFragment(fragment)
  controls.set(shared)
  if (shared.puzzle === undefined) {
    input.readFirst()
    opening.start().catch((error) => console.warn('no recorded run:', error))
  } else input.read(shared.puzzle)
  // Again: with a puzzle of another kind, noise that was chosen before it is forgotten.
  controls.set(shared)
  tellWhetherReady()
  share()
  tellLinkFault(faultOf(fragment))
}

startTheme(() => views.recolour(readPalette()))
// Not `hashchange`, which comes a task after the address has changed: what is shared until then would overwrite it.
addEventListener('popstate', open)
open()

if (import.meta.env.PROD && 'serviceWorker' in navigator)
  startOffline().catch((error) => console.warn('no offline use:', error))
