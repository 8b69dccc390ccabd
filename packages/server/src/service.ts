/** What all requests share, and how one puzzle is solved for whichever of them asks. */
import { SpanStatusCode } from '@opentelemetry/api'
import { makePlan, modelFault, recordOf, type SolveEvent, type SolveRecord } from '@ptrm/orchestrator'
import { AnyReader, itemsOf, PuzzleParseError } from '@ptrm/puzzles'
import type { Found } from '@ptrm/puzzles/node'
import type { Logger } from 'pino'
import type { Engines } from './engines.ts'
import type { KeyHolder } from './keys.ts'
import type { Life } from './life.ts'
import type { Metrics } from './metrics.ts'
import { modelNamed, type ServedModel } from './models.ts'
import type { Queue } from './queue.ts'
import type { RequestSchemas, SolveRequest } from './schema/requests.ts'
import type { Settings } from './settings/table.ts'
import { tracer } from './tracing.ts'

export interface Service {
  readonly settings: Settings
  readonly models: readonly ServedModel[]
  /** Undefined: everyone is let in. */
  readonly keys: readonly KeyHolder[] | undefined
  readonly engines: Engines
  readonly queue: Queue
  readonly life: Life
  readonly metrics: Metrics
  readonly schemas: RequestSchemas
  readonly log: Logger
}

/** What `POST /v1/solve` answers. */
export interface SolveAnswer extends SolveRecord {
  readonly model: string
  readonly svg?: string | undefined
}

/** Who asks for a puzzle, and how it is watched and ended. */
export interface Caller {
  /** Rollouts are shared fairly between clients. */
  readonly client: string
  /** Ends the work; the call then rejects with its reason. */
  readonly signal: AbortSignal
  /** Hears of steps and rollouts, with the puzzle that they are of. */
  readonly onEvent?: ((event: SolveEvent, found: Found) => void) | undefined
}

/** The one puzzle of a text. Throws `PuzzleParseError`. */
export function readPuzzle(text: string, kind: string | undefined): Found {
  let found: Found | undefined
  for (const item of itemsOf(new AnyReader('puzzle', kind), text)) {
    if ('error' in item) throw item.error
    if (found) throw new PuzzleParseError('expected one puzzle, found a second', item.where)
    found = item
  }
  if (!found) throw new PuzzleParseError('found no puzzle', { source: 'puzzle', line: 1, column: 1 })
  return found
}

/** Solves one puzzle. Rejects with `ServiceError`, as `Solver.solve` does, or with the signal's reason. */
export function solve(service: Service, request: SolveRequest, caller: Caller): Promise<SolveAnswer> {
  return tracer().startActiveSpan('solve', async (span) => {
    const started = performance.now()
    try {
      const answer = await solveUntimed(service, request, caller)
      service.metrics.solved(answer, performance.now() - started)
      span.setAttributes({
        ...{ 'ptrm.kind': answer.kind, 'ptrm.model': answer.model, 'ptrm.status': answer.status },
        ...{ 'ptrm.rollouts': answer.stats.rollouts, 'ptrm.steps': answer.stats.steps },
      })
      return answer
    } catch (thrown) {
      // Whatever else becomes of work that was told to end, as in a pool that closes, it ended for that reason.
      const error = caller.signal.aborted ? caller.signal.reason : thrown
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name })
      throw error
    } finally {
      span.end()
    }
  })
}

async function solveUntimed(
  { settings, models, engines }: Service,
  { puzzle, kind, model: name, id, plan = {}, select = 'verified', deadline, svg }: SolveRequest,
  { client, signal, onEvent }: Caller,
): Promise<SolveAnswer> {
  // A name may be a kind's, whose models take boards of different sizes: that is known once the puzzle is read.
  const asked = name === undefined ? undefined : modelNamed(models, name)
  const found = readPuzzle(puzzle, kind ?? asked?.kind)
  const model = modelNamed(models, name ?? found.kind.name, found.kind.size(found.puzzle))
  const fault = modelFault(found, model.kind)
  if (fault) throw fault
  const { rollouts, steps } = makePlan({}, model.recommended)
  const result = await engines.solve(model, found.puzzle, {
    // A model may recommend more than is allowed here.
    rollouts: Math.min(rollouts, settings.maxRollouts),
    steps: Math.min(steps, settings.maxSteps),
    ...plan,
    select,
    deadline: deadline ?? settings.maxDeadline,
    client,
    signal,
    onEvent: onEvent && ((event) => onEvent(event, found)),
  })
  const record = recordOf({ ...found, id: id ?? found.id }, result, {
    ...{ select, backend: engines.backend },
  })
  return { model: model.name, ...record, svg: svg ? pictureOf(found, result.answer) : undefined }
}

/** With what breaks the rules marked. */
function pictureOf({ kind, puzzle }: Found, answer: unknown): string {
  const violations = answer === undefined ? [] : kind.verify(puzzle, answer)
  return kind.toSvg(puzzle, answer, { violations })
}
