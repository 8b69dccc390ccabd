/** What callers send, and within which limits: the schemas that requests are held to, and that the description of the API is made of. */
import { z } from '@hono/zod-openapi'
import type { PlanOptions, SelectorName } from '@ptrm/orchestrator'
import { MOST_SIGMA, NOISE_TARGETS, SELECTIONS } from '@ptrm/orchestrator/choices'
import { kinds } from '@ptrm/puzzles'
import type { Settings } from '../settings/table.ts'

/** One puzzle to solve. */
export interface SolveRequest {
  readonly puzzle: string
  readonly kind?: string | undefined
  readonly model?: string | undefined
  readonly id?: string | undefined
  readonly plan?: PlanOptions | undefined
  readonly select?: SelectorName | undefined
  readonly deadline?: number | undefined
  readonly svg?: boolean | undefined
}

/** One puzzle to solve while it is watched. */
export interface StreamRequest extends SolveRequest {
  readonly answers?: boolean | undefined
}

/** An answer to judge. */
export interface CheckRequest {
  readonly puzzle: string
  readonly kind?: string | undefined
  readonly answer: string
  readonly svg?: boolean | undefined
}

export interface RequestSchemas {
  readonly solve: z.ZodType<SolveRequest>
  readonly stream: z.ZodType<StreamRequest>
  readonly check: z.ZodType<CheckRequest>
}

type Limits = Pick<Settings, 'maxRollouts' | 'maxSteps' | 'maxDeadline'>

/**
 * More than any board takes in any notation of ours: 50x50 are 22,000 characters and 160 lines at the most. A text of a hundred
 * times that would keep the reader, and with it all other requests, waiting for seconds.
 */
const LONGEST_PUZZLE = 32_768
const MOST_LINES = 200
const LONGEST_ID = 200

const EASY = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const SOLUTION = '528194637193567824467823519241935768639748251875612493712386945384259176956471382'

const kindNames = [...kinds.keys()] as [string, ...string[]]

const board = z
  .string()
  .max(LONGEST_PUZZLE)
  .refine((text) => text.split('\n', MOST_LINES + 1).length <= MOST_LINES, {
    error: `wanted at most ${MOST_LINES} lines`,
  })

const puzzle = board.min(1).openapi({
  description: 'One puzzle: a URL of puzz.link or pzv.jp, or text in any notation of its kind.',
  example: EASY,
})
const kind = z.enum(kindNames).openapi({
  description: "What a text is whose kind nothing in it says. Default: the model's kind, else sudoku.",
})
const svg = z.boolean().openapi({ description: 'Whether the answer comes with a picture. Default: false.' })

/** The schemas, with the service's limits and the names of its models in them. */
export function requestSchemas(limits: Limits, models: readonly string[]): RequestSchemas {
  const fields = {
    puzzle,
    kind: kind.optional(),
    model: z.enum(models).optional().openapi({
      description: 'A name or a kind, as /v1/models lists them. Default: by the kind of the puzzle.',
    }),
    id: z.string().max(LONGEST_ID).optional().openapi({ description: 'Comes back with the answer.' }),
    plan: planSchema(limits).optional(),
    select: z
      .enum(SELECTIONS as [SelectorName, ...SelectorName[]])
      .optional()
      .openapi({
        description: 'How one of the answers is chosen; only verified looks at the rules. Default: verified.',
      }),
    deadline: z
      .int()
      .min(1)
      .max(limits.maxDeadline)
      .optional()
      .openapi({
        description: `Milliseconds, then the best so far is the answer. Default: ${limits.maxDeadline}.`,
      }),
    svg: svg.optional(),
  }
  return {
    solve: z.strictObject(fields).openapi('SolveRequest', { example: { puzzle: EASY } }),
    stream: z
      .strictObject({
        ...fields,
        answers: z.boolean().optional().openapi({
          description: 'Whether each step tells its whole answer. Default: false.',
        }),
      })
      .openapi('StreamRequest', { example: { puzzle: EASY, answers: true } }),
    check: z
      .strictObject({
        puzzle,
        kind: kind.optional(),
        answer: board.openapi({
          description: 'The answer on one line, as /v1/solve writes it; blanks where nothing is decided.',
          example: SOLUTION,
        }),
        svg: svg.optional(),
      })
      .openapi('CheckRequest', { example: { puzzle: EASY, answer: SOLUTION } }),
  }
}

function planSchema({ maxRollouts, maxSteps }: Limits): z.ZodType<PlanOptions> {
  const sigma = z.number().min(0).max(MOST_SIGMA)
  return z
    .strictObject({
      rollouts: z.int().min(1).max(maxRollouts).optional(),
      steps: z.int().min(1).max(maxSteps).optional(),
      sigma: z
        .union([sigma, z.array(sigma).min(1).max(maxSteps)], {
          error: `wanted a number from 0 to ${MOST_SIGMA}, or a list of such, one a step`,
        })
        .optional(),
      noiseTarget: z.enum(NOISE_TARGETS as unknown as ['zL', 'zH', 'both']).optional(),
      seed: seedSchema().optional(),
      includeDeterministic: z.boolean().optional(),
      stop: stopSchema(maxSteps).optional(),
      exact: z.boolean().optional(),
    })
    .openapi('Plan', {
      description:
        'What is run: K rollouts of D steps, their noise, and when to stop. What is left out is as the model recommends. The plan of an answer may be sent as it is.',
    })
}

/** JSON's numbers end at 2^53. */
function seedSchema(): z.ZodType<bigint> {
  const digits = z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt)
    .refine((seed) => seed < 1n << 64n, { error: 'wanted a whole number below 2^64' })
  const whole = z.int().min(0).transform(BigInt)
  return z
    .union([digits, whole])
    .openapi({ description: 'A whole number below 2^64, above 2^53 in quotes. Default: 0.' })
}

function stopSchema(maxSteps: number): z.ZodType<PlanOptions['stop']> {
  const prune = z.strictObject({ after: z.int().min(1).max(maxSteps), below: z.number() })
  const error = z.strictObject({ error: z.number().gt(0).lt(0.5) })
  return z.union(
    [
      z.enum(['all', 'first-verified']),
      z.strictObject({ qAbove: z.number() }),
      z.strictObject({
        adaptive: z.strictObject({ until: z.union([z.literal('verified'), error]), prune: prune.optional() }),
      }),
    ],
    { error: `wanted ${STOP_RULES}` },
  )
}

const STOP_RULES =
  'all, first-verified, { qAbove: logit } or { adaptive: { until: "verified" or { error: 0 to 0.5 }, prune?: { after: step, below: logit } } }'
