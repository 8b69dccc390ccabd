/** What callers get: for the description of the API, and for the tests that hold every answer to it. */
import { z } from '@hono/zod-openapi'

const whole = z.int().min(0)
const logit = z
  .number()
  .nullable()
  .openapi({ description: "Halt logit: the model's own belief that the answer is right." })

const position = z.object({ source: z.string().optional(), line: whole, column: whole })

const plan = z
  .looseObject({
    rollouts: whole,
    steps: whole,
    sigma: z.union([z.number(), z.array(z.number())]),
    noiseTarget: z.string(),
    seed: z.string(),
    includeDeterministic: z.boolean(),
    stop: z.union([z.string(), z.looseObject({})]),
    exact: z.boolean(),
  })
  .openapi('WholePlan')

const svg = z.string().optional().openapi({ description: 'A picture, where it was asked for.' })

/** What `ptrm solve --json` writes, and the model. */
const solved = z.object({
  model: z.string(),
  kind: z.string(),
  id: z.string().optional(),
  note: z.string().optional().openapi({ description: 'What the reader of the puzzle had to decide.' }),
  where: position,
  status: z.enum(['verified', 'unsolved']).openapi({
    description: 'verified: the rules accept the answer. unsolved: they do not, or there is none.',
  }),
  answer: z
    .string()
    .nullable()
    .openapi({ description: 'On one line; null where the deadline left no time for a step.' }),
  q: logit,
  rollout: whole.nullable().openapi({ description: 'The rollout that the answer is from.' }),
  stoppedBy: z.enum(['end', 'rule', 'deadline']),
  stats: z.object({ rollouts: whole, steps: whole, netCalls: whole, ms: z.number() }),
  plan,
  select: z.string(),
  url: z.string(),
  backend: z.string(),
  svg,
})

export const solveAnswer: z.ZodType = solved.openapi('SolveAnswer')

const errorBody = z
  .object({
    class: z.string().openapi({ description: 'What went wrong, for programs.', example: 'PuzzleParseError' }),
    message: z.string().openapi({ description: 'What went wrong, for people.' }),
    place: z
      .object({ field: z.string(), line: whole.optional(), column: whole.optional() })
      .optional()
      .openapi({ description: 'A field of the request, as a JSON pointer, and where in its text.' }),
  })
  .openapi('ErrorBody')

export const errorAnswer: z.ZodType = z
  .object({ error: errorBody, requestId: z.string() })
  .openapi('ErrorAnswer')

export const batchLine: z.ZodType = z
  .union([
    solved.extend({ line: whole }),
    z.object({ line: whole, id: z.string().optional(), error: errorBody }),
  ])
  .openapi('BatchLine', {
    description: 'What came of one line of a batch, by its number in the request, from 1.',
  })

export const checkAnswer: z.ZodType = z
  .object({
    kind: z.string(),
    verdict: z.enum(['solved', 'wrong', 'incomplete']),
    violations: z.array(
      z.object({ rule: z.string(), cells: z.array(z.object({ row: whole, column: whole })) }),
    ),
    url: z.string(),
    svg,
  })
  .openapi('CheckAnswer')

export const modelsAnswer: z.ZodType = z
  .object({
    models: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        summary: z.string(),
        isDefault: z.boolean().openapi({
          description:
            'Whether it solves puzzles of its kind where no model is named: the first that takes the board does.',
        }),
        largest: z
          .object({ rows: whole, cols: whole })
          .optional()
          .openapi({ description: 'The largest board that it takes; missing: any.' }),
        hash: z.string().openapi({ description: 'SHA-256 of its file.' }),
        recommended: z
          .looseObject({})
          .openapi({ description: 'What a plan is where a request says nothing.' }),
      }),
    ),
  })
  .openapi('ModelsAnswer')

export const stateAnswer: z.ZodType = z
  .object({ status: z.enum(['ok', 'starting', 'draining']) })
  .openapi('StateAnswer')

/** The events of a stream by name. */
export const events: Readonly<Record<'step' | 'rollout' | 'final' | 'error', z.ZodType>> = {
  step: z
    .object({
      rollout: whole,
      step: whole.openapi({ description: 'Steps that the rollout has done, from 1.' }),
      q: z.number().nullable(),
      verified: z.boolean(),
      answer: z.string().optional(),
      skipped: whole
        .optional()
        .openapi({ description: 'Steps that were left out before this one, as the client read too slowly.' }),
    })
    .openapi('StepEvent'),
  rollout: z
    .object({
      rollout: whole,
      steps: whole,
      q: z.number().nullable(),
      complete: z.boolean().openapi({ description: 'Whether its answer is its last word.' }),
      verified: z.boolean(),
      answer: z.string(),
    })
    .openapi('RolloutEvent'),
  final: solveAnswer,
  error: errorAnswer,
}
