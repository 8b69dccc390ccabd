/**
 * What the bench on a GPU and its contenders say to each other: a request a line, an answer a line, JSON both. Contenders are
 * processes of their own (gpu-engine.ts, and gpu_bench.py of training/), as TF32 is chosen for a whole process, and as one
 * that hangs or dies must not take the figures of the others with it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** How rollouts are run: `slots` of them side by side, `steps` deep recursion steps each. */
export interface Pass {
  readonly name: string
  readonly slots: number
  readonly steps: number
  readonly sigma: number
}

/** A model to open, and how. */
export interface Opening {
  readonly name: string
  /** Path of its file. */
  readonly model: string
  readonly rows: number
  readonly columns: number
  /** Tokens, each [cells]; slots take them in turn. */
  readonly boards: readonly (readonly number[])[]
  readonly options: Readonly<Record<string, unknown>>
}

/** What is asked; `name` is the contender's. */
export type Request =
  | { readonly op: 'hello' }
  | ({ readonly op: 'open' } & Opening)
  | ({ readonly op: 'profile' } & Opening & Pass)
  | ({ readonly op: 'warm' } & Pass)
  | ({ readonly op: 'measure'; readonly seconds: number } & Pass)
  | { readonly op: 'answers'; readonly name: string; readonly steps: number; readonly sigma: number }
  | { readonly op: 'close'; readonly name: string }

/** What a measure found. A run is one call of the library, several steps of all slots; of the solver it is a puzzle. */
export interface Sample {
  readonly rolloutSteps: number
  readonly seconds: number
  readonly runs: number
}

/** Nodes of one operator with inputs and outputs of the same types and shapes. */
export interface NodeTime {
  readonly op: string
  /** `CUDA` or `CPU`. */
  readonly on: string
  readonly shapes: string
  readonly count: number
  /** Of all of them. */
  readonly ms: number
}

/** Where a pass spent its time. */
export interface Profile {
  /** Of the pass, all that the engine does. */
  readonly wallMs: number
  /** Of its last run, by onnxruntime. */
  readonly runMs: number
  /** Of the run's nodes, and how many there were. */
  readonly nodeMs: number
  readonly count: number
  /** Those that took longest, the longest first. */
  readonly nodes: readonly NodeTime[]
}

/** The answers to each request. */
export interface Answers {
  readonly hello: { readonly device: string; readonly version: string }
  readonly open: { readonly ms: number }
  readonly warm: { readonly ms: number }
  readonly measure: Sample
  /** `tokens`: base64 of uint8 [boards, cells] after the last step; `q`: [boards]. */
  readonly answers: { readonly tokens: string; readonly q: readonly number[] }
  readonly close: object
  readonly profile: Profile
}

/** A contender failed, died or did not answer in time; the message names it. */
export class ContenderError extends Error {
  override readonly name = 'ContenderError'
}

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * ptrm's process for an engine of the registry: its engine alone, the solver, or a profile. TF32 is on by default in CUDA's libraries,
 * which read the variable when they load.
 */
export function engineCommand(
  engine: string,
  tf32: boolean,
  through: 'engine' | 'solver' | 'profile' = 'engine',
): Command {
  const file = fileURLToPath(new URL(`gpu-${through}.ts`, import.meta.url))
  return {
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', file, engine],
    env: { NVIDIA_TF32_OVERRIDE: tf32 ? undefined : '0' },
  }
}

/** The end of what a dead process said since it was asked, in characters. */
const LAST_WORDS = 2000

/** A contender's process: started by the first request, started anew by the next one after it died. Whoever made it closes it. */
export class Contenders {
  /** For messages and records. */
  readonly name: string
  readonly #command: Command
  #child: Child | undefined
  #starts = 0

  constructor(name: string, command: Command) {
    this.name = name
    this.#command = command
  }

  /** Counts its starts; 0 while no process runs. What was open is so as long as this stays. */
  get life(): number {
    return this.#child && !this.#child.ended ? this.#starts : 0
  }

  /** One request. Past `timeoutMs` the process is ended. Rejects with `ContenderError`. */
  ask<Op extends Request['op']>(
    request: Extract<Request, { op: Op }>,
    timeoutMs: number,
  ): Promise<Answers[Op]> {
    if (this.#child === undefined || this.#child.ended) {
      this.#child = new Child(this.name, this.#command)
      this.#starts += 1
    }
    return this.#child.ask(request, timeoutMs) as Promise<Answers[Op]>
  }

  /** Ends the process, in the middle of its work if need be. */
  close(): void {
    this.#child?.end()
    this.#child = undefined
  }
}

interface Waiting {
  readonly resolve: (answer: object) => void
  readonly reject: (error: ContenderError) => void
  readonly timer: NodeJS.Timeout
}

class Child {
  ended = false
  readonly #name: string
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #said = ''
  #last = 0

  constructor(name: string, { command, args, env }: Command) {
    this.#name = name
    this.#process = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    this.#process.on('error', (error) => this.#end(error.message))
    this.#process.on('close', (code, signal) => this.#end(`ended with ${signal ?? code}`))
    // A process that died takes no more requests; `close` tells of it.
    this.#process.stdin!.on('error', () => {})
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-LAST_WORDS)
    })
    createInterface(this.#process.stdout!).on('line', (line) => this.#hear(line))
  }

  ask(request: Request, timeoutMs: number): Promise<object> {
    const id = ++this.#last
    if (this.#waiting.size === 0) this.#said = ''
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.#end(`gave no answer to ${request.op} within ${(timeoutMs / 1000).toFixed(1)} s`)
          this.end()
        },
        Math.max(0, timeoutMs),
      )
      this.#waiting.set(id, { resolve, reject, timer })
      this.#process.stdin!.write(`${JSON.stringify({ id, ...request })}\n`)
    })
  }

  end(): void {
    this.#process.kill('SIGKILL')
    this.#end('was closed')
  }

  #hear(line: string): void {
    const { id, ...answer } = parsed(line) ?? {}
    const waiting = this.#waiting.get(id as number)
    if (!waiting) {
      // A library's own output.
      this.#said = `${this.#said}${line}\n`.slice(-LAST_WORDS)
      return
    }
    this.#waiting.delete(id as number)
    clearTimeout(waiting.timer)
    const { error } = answer as { error?: string }
    if (error === undefined) waiting.resolve(answer)
    else waiting.reject(new ContenderError(`${this.#name}: ${error}`))
  }

  #end(why: string): void {
    if (this.ended) return
    this.ended = true
    const said = this.#said.trim()
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(new ContenderError(`${this.#name} ${why}${said && `; it said: ${said}`}`))
    }
    this.#waiting.clear()
  }
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(line)
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
