/**
 * Every setting of the service: its name, what it may be, and what it is by default. Flags (`--max-rollouts`), environment
 * (`PTRM_MAX_ROLLOUTS`) and the file of settings (`max-rollouts: 64`) are read by this one table. Loads no server.
 */
import { backends, ONNX_RULES, POOL_RULES } from '@ptrm/orchestrator/choices'
import { bytes, choice, count, duration, origins, type Parser, text } from './values.ts'

/** What the service goes by; times in milliseconds, sizes in bytes. */
export interface Settings {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly backend: string
  /** Undefined: one a core. */
  readonly workers: number | undefined
  /** Of onnxruntime's engines; undefined: their own. */
  readonly slots: number | undefined
  /** A folder of model files, served beside those that are bundled. */
  readonly models: string | undefined
  /** The file of the keys that are let in; undefined: everyone is. */
  readonly keys: string | undefined
  /** Origins whose pages may call; empty: none. */
  readonly cors: readonly string[]
  readonly log: LogLevel
  /** Of a body, and of one line of a batch. */
  readonly maxBody: number
  readonly maxPuzzles: number
  readonly maxRollouts: number
  readonly maxSteps: number
  /** The longest that a puzzle may take, and what it may where its request says nothing. */
  readonly maxDeadline: number
  /** Puzzles that are accepted and not answered yet, of all clients. */
  readonly maxQueue: number
  /** Puzzles of one batch that are worked on at once; undefined: as many as keep the engine busy. */
  readonly batchWindow: number | undefined
  /** Silence after which an event stream says that it still lives. */
  readonly heartbeat: number
  /** How long a client may keep a body or an answer waiting before it is given up. */
  readonly patience: number
  /** How long what was accepted may take once the service is told to end. */
  readonly drain: number
}

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** One setting. */
export interface Setting<Value = unknown> {
  readonly field: keyof Settings
  /** As flags and files spell it. */
  readonly name: string
  /** What stands behind the flag in help texts. */
  readonly takes: string
  readonly description: string
  readonly parse: Parser<Value>
  readonly fallback: Value
}

function setting<Field extends keyof Settings>(
  field: Field,
  takes: string,
  fallback: Settings[Field],
  parse: Parser<Settings[Field]>,
  description: string,
): Setting<Settings[Field]> {
  return {
    field,
    name: field.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
    takes,
    description,
    parse,
    fallback,
  }
}

const MILLION = 1_000_000
const KIB = 1024

/** In the order of `ptrm serve --help`. */
export const SETTINGS: readonly Setting[] = [
  setting(
    'host',
    'address',
    '127.0.0.1',
    text,
    'where to listen; 0.0.0.0 for all of the machine (default: 127.0.0.1)',
  ),
  setting('port', 'n', 8080, count(0, 65_535), 'port to listen on; 0 for any that is free (default: 8080)'),
  setting(
    'backend',
    'name',
    'auto',
    choice(backends),
    `what rollouts run on: ${backends.join(', ')} (default: auto)`,
  ),
  setting(
    'workers',
    'n',
    undefined,
    count(1, 1024, POOL_RULES.workers),
    'worker threads (default: one a core)',
  ),
  setting(
    'slots',
    'N',
    undefined,
    count(1, 65_536, ONNX_RULES.slots),
    'onnx: rollouts side by side in a session (default: 1 a core, 256 on CUDA)',
  ),
  setting(
    'models',
    'folder',
    undefined,
    text,
    'folder of model files (NAME.safetensors) to serve beside those that are bundled',
  ),
  setting(
    'keys',
    'file',
    undefined,
    text,
    'file of the API keys that are let in, hashed; see below (default: everyone is let in)',
  ),
  setting(
    'cors',
    'origins',
    [],
    origins,
    'origins whose pages may call, with commas between, or * (default: none)',
  ),
  setting(
    'log',
    'level',
    'info',
    choice(LOG_LEVELS),
    `what is logged: ${LOG_LEVELS.join(', ')} (default: info)`,
  ),
  setting('maxBody', 'size', 256 * KIB, bytes, 'largest body, and longest line of a batch (default: 256k)'),
  setting('maxPuzzles', 'n', 100_000, count(1, 100 * MILLION), 'puzzles a batch (default: 100000)'),
  setting('maxRollouts', 'K', 1024, count(1, MILLION), 'rollouts a puzzle (default: 1024)'),
  setting('maxSteps', 'D', 256, count(1, 100_000), 'deep recursion steps a rollout (default: 256)'),
  setting(
    'maxDeadline',
    'time',
    60_000,
    duration,
    'time that a puzzle may take, and does where its request says none (default: 60s)',
  ),
  setting(
    'maxQueue',
    'n',
    1000,
    count(1, MILLION),
    'puzzles that are accepted and not answered yet; above, 429 (default: 1000)',
  ),
  setting(
    'batchWindow',
    'n',
    undefined,
    count(1, 10_000),
    'puzzles of one batch that are worked on at once (default: 32, or one a slot)',
  ),
  setting(
    'heartbeat',
    'time',
    15_000,
    duration,
    'silence after which an event stream says that it lives (default: 15s)',
  ),
  setting(
    'patience',
    'time',
    30_000,
    duration,
    'how long a client may keep a request or an answer waiting (default: 30s)',
  ),
  setting('drain', 'time', 30_000, duration, 'how long accepted work may take after SIGTERM (default: 30s)'),
]
