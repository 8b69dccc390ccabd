/**
 * Reads what a config file says about a TRM: our JSON, the parity cases' JSON, the official repo's `all_config.yaml`, or
 * the `config.yaml` that Weights & Biases keeps of such a run.
 */
import { type BoardSize, PLAN_VALUES, POSITIONS, type RecommendedPlan, type TrmConfig } from '@ptrm/core-wasm'
import { quoted, shortened } from '@ptrm/puzzles'
import { type Document, isScalar, LineCounter, parseDocument, visit, YAMLParseError } from 'yaml'
import { CheckpointError, ConfigConflictError } from './errors.ts'

/** What is known of a config so far; every value is checked by itself, none against the weights. */
export interface GivenConfig {
  readonly kind?: string | undefined
  readonly vocabSize?: number | undefined
  readonly seqLen?: number | undefined
  /** Rows and columns that the board of seqLen cells has. */
  readonly leastBoard?: BoardSize | undefined
  /** Rows of the puzzle embedding; 0 = as many as its width needs (the official code's rule). */
  readonly puzzleEmbLen?: number | undefined
  readonly hiddenSize?: number | undefined
  readonly numHeads?: number | undefined
  readonly layers?: number | undefined
  readonly hCycles?: number | undefined
  readonly lCycles?: number | undefined
  readonly positions?: TrmConfig['positions'] | undefined
  readonly mlpT?: boolean | undefined
  readonly rmsEps?: number | undefined
  readonly ropeTheta?: number | undefined
  readonly answerTokens?: readonly number[] | undefined
  readonly recommended?: RecommendedPlan | undefined
}

/** Ten times what runs write. Bounds the time as well: the worst of texts takes half a second. */
const MAX_CONFIG_BYTES = 32 << 10
const MAX_ALIASES = 50

/** Parses JSON or YAML. `source` names the file in errors: `CheckpointError`, `ConfigConflictError`. */
export function readConfigFile(bytes: Uint8Array, source: string): GivenConfig {
  if (bytes.length > MAX_CONFIG_BYTES)
    throw new CheckpointError(
      'too-large',
      `${source}: ${bytes.length} bytes; a config has at most ${MAX_CONFIG_BYTES}`,
    )
  let raw: unknown
  const lines = new LineCounter()
  try {
    raw = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), lines)
  } catch (cause) {
    // Also the RangeError of a stack that deep nesting overflows.
    const reason = `${shortened((cause as Error).message)}${placeOf(cause, lines)}`
    throw new CheckpointError('malformed', `${source}: neither JSON nor YAML: ${reason}`, { cause })
  }
  return readMapping(raw, source)
}

/** The config that a model file of ours carries. Its schedule of sigmas may be longer than any config file. Throws as `readConfigFile`. */
export function readConfigJson(text: string, source: string): GivenConfig {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError('malformed', `${source}: no JSON: ${shortened((cause as Error).message)}`, {
      cause,
    })
  }
  return readMapping(raw, source)
}

function readMapping(raw: unknown, source: string): GivenConfig {
  if (!isObject(raw)) throw new CheckpointError('malformed', `${source}: holds no mapping of names to values`)
  return readFields(raw, source)
}

/** YAML, which holds JSON. Throws what says why it is none. */
function parse(text: string, lineCounter: LineCounter): unknown {
  // Pretty errors would print the lines around the place. The parser's own look for repeated keys is quadratic.
  // Merge keys (`<<: *base`) as the YAML of Python has them: else what they bring would be missed in silence.
  const options = { logLevel: 'error', prettyErrors: false, uniqueKeys: false, merge: true } as const
  const document = parseDocument(text, { ...options, lineCounter })
  if (document.errors.length > 0) throw document.errors[0]
  refuseRepeatedKeys(document)
  return document.toJS({ maxAliasCount: MAX_ALIASES })
}

function refuseRepeatedKeys(document: Document.Parsed): void {
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const [start = 0, end = 0] = key.range ?? []
        if (seen.has(name))
          throw new YAMLParseError(
            [start, end],
            'DUPLICATE_KEY',
            `the key ${quoted(name)} stands twice in a mapping`,
          )
        seen.add(name)
      }
    },
  })
}

function placeOf(error: unknown, lines: LineCounter): string {
  if (!(error instanceof YAMLParseError) || error.pos[0] < 0) return ''
  const { line, col } = lines.linePos(error.pos[0])
  return ` at line ${line}, column ${col}`
}

/** Checks the fields of a parsed config. The official YAML has the network's under `arch`. Throws `ConfigConflictError`. */
export function readFields(wrapped: Record<string, unknown>, source: string): GivenConfig {
  const raw = withoutWandb(wrapped)
  const arch = isObject(raw['arch']) ? raw['arch'] : { name: raw['arch'] }
  const fields = new Fields({ ...raw, ...arch }, source)
  const integer = (least: number) => (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least
  const given: GivenConfig = {
    kind: fields.take('kind', 'a name', (value) => typeof value === 'string'),
    vocabSize: fields.take('vocab_size', 'a positive integer', integer(1)),
    seqLen: fields.take('seq_len', 'a positive integer', integer(1)),
    leastBoard: readBoard(fields),
    puzzleEmbLen: fields.take('puzzle_emb_len', 'an integer of at least 0', integer(0)),
    hiddenSize: fields.take('hidden_size', 'a positive integer', integer(1)),
    numHeads: fields.take('num_heads', 'an integer of at least 0', integer(0)),
    layers: fields.take('L_layers', 'a positive integer', integer(1)),
    hCycles: fields.take('H_cycles', 'a positive integer', integer(1)),
    lCycles: fields.take('L_cycles', 'a positive integer', integer(1)),
    positions: fields.take('pos_encodings', 'none, rope or learned', (value) =>
      POSITIONS.some((positions) => positions === value),
    ),
    mlpT: fields.take('mlp_t', 'true or false', (value) => typeof value === 'boolean'),
    rmsEps: fields.take('rms_norm_eps', 'a positive number', isPositive),
    ropeTheta: fields.take('rope_theta', 'a positive number', isPositive),
    answerTokens: fields.take(
      'answer_tokens',
      'a list of tokens',
      (value) => Array.isArray(value) && value.length <= 256 && value.every(integer(0)),
    ),
    recommended: readRecommended(fields),
  }
  fields.inside(arch, 'arch.').take('name', `a TRM's, such as ${OFFICIAL_ARCH}`, isTrm)
  fields.end()
  return given
}

const OFFICIAL_ARCH = 'recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1'

/**
 * Whether the name of a network's code, `package.module@Class`, is that of a TRM. The module tells: the official
 * `trm_singlez` and `trm_hier6` have the same class and another forward pass.
 */
function isTrm(name: unknown): boolean {
  if (typeof name !== 'string') return false
  const module = name.split('@', 1)[0]!.split(/[./]/).at(-1)!
  return /^(?:p?trm(?:_act)?(?:_v\d+)?|TinyRecursiveReasoningModel(?:_ACTV\d+)?)$/i.test(module)
}

/** The values of a Weights & Biases `config.yaml`, where each is wrapped as `{desc, value}`. */
function withoutWandb(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(raw).map(([key, item]) => [key, isWrapped(item) ? item.value : item]),
  )
}

function isWrapped(item: unknown): item is { readonly value: unknown } {
  return (
    isObject(item) &&
    Object.hasOwn(item, 'value') &&
    Object.keys(item).every((key) => /^(?:desc|value)$/.test(key))
  )
}

/** `least_board` of our own JSON: rows and columns. */
function readBoard(fields: Fields): BoardSize | undefined {
  const isSide = (side: unknown) => Number.isSafeInteger(side) && (side as number) >= 1
  const raw = fields.take<[number, number]>('least_board', 'a list of rows and columns', (value) =>
    Array.isArray(value) ? value.length === 2 && value.every(isSide) : false,
  )
  return raw && { rows: raw[0], columns: raw[1] }
}

/**
 * `recommended` of our own JSON; else the steps that the official code trains with. By the rules that the model file is
 * read by again.
 */
function readRecommended(fields: Fields): RecommendedPlan | undefined {
  const { steps } = PLAN_VALUES
  const trained = fields.take<number>('halt_max_steps', steps.wanted, steps.allows)
  const raw = fields.take<Record<string, unknown>>('recommended', 'a mapping', isObject)
  if (!raw) return trained === undefined ? undefined : { steps: trained }
  const inner = fields.inside(raw, 'recommended.')
  const plan: Record<string, unknown> = trained === undefined ? {} : { steps: trained }
  for (const [field, { wanted, allows }] of Object.entries(PLAN_VALUES)) {
    const value = inner.take(field, wanted, allows)
    if (value !== undefined) plan[field] = value
  }
  return plan
}

/** Takes fields one by one and collects what is wrong with them. */
class Fields {
  readonly #raw: Record<string, unknown>
  readonly #source: string
  readonly #prefix: string
  readonly #wrong: string[]

  /** With `within`, what is wrong is told by that. */
  constructor(raw: Record<string, unknown>, source: string, prefix = '', within?: Fields) {
    this.#raw = raw
    this.#source = source
    this.#prefix = prefix
    this.#wrong = within ? within.#wrong : []
  }

  /** The value of a field, typed as the caller's check proves it; undefined where absent or null. */
  take<T>(field: string, wanted: string, check: (value: unknown) => boolean): T | undefined {
    const value = Object.hasOwn(this.#raw, field) ? this.#raw[field] : undefined
    if (value === undefined || value === null) return undefined
    if (check(value)) return value as T
    const shown = shortened(JSON.stringify(value) ?? String(value))
    this.#wrong.push(`${this.#source}: ${this.#prefix}${field} is ${shown}, wanted ${wanted}`)
    return undefined
  }

  inside(raw: Record<string, unknown>, prefix: string): Fields {
    return new Fields(raw, this.#source, prefix, this)
  }

  end(): void {
    if (this.#wrong.length > 0) throw new ConfigConflictError(this.#wrong)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
