/** Which characters of our own code have run, by V8's precise coverage of this process. */
import { Session } from 'node:inspector'

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

interface ScriptCoverage {
  readonly scriptId: string
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

/** Counts by characters: a part of a function that ran as often as what is around it is no range of its own to V8. */
export class Coverage {
  readonly #session = new Session()
  readonly #isOurs: (url: string) => boolean
  /** By script: 1 where a character has ever run. */
  readonly #ever = new Map<string, Uint8Array>()

  /** Start it before the code is loaded: V8 counts no parts of functions that it has compiled already. */
  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs
    this.#session.connect()
    this.#post('Profiler.enable')
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** What the last `take` found new, to be undone. */
  #last: (readonly [scriptId: string, at: number])[] = []

  /** How many characters ran for the first time since the last call. */
  take(): number {
    const { result } = this.#post('Profiler.takePreciseCoverage') as { result: readonly ScriptCoverage[] }
    this.#last = []
    let fresh = 0
    for (const script of result) if (this.#isOurs(script.url)) fresh += this.#add(script)
    return fresh
  }

  /** What was new in the last call of `take` will be new again. */
  forgetLast(): void {
    for (const [scriptId, at] of this.#last) this.#ever.get(scriptId)![at] = 0
    this.#last = []
  }

  /** Characters that have run so far. */
  get size(): number {
    let sum = 0
    for (const ever of this.#ever.values()) for (const ran of ever) sum += ran
    return sum
  }

  close(): void {
    this.#post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
  }

  #add({ scriptId, functions }: ScriptCoverage): number {
    const end = functions.reduce((most, { ranges }) => Math.max(most, ranges[0]?.endOffset ?? 0), 0)
    // Functions and ranges come from the outside in, so that what is painted last is right.
    const now = new Uint8Array(end)
    for (const { ranges } of functions)
      for (const { startOffset, endOffset, count } of ranges)
        now.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    let ever = this.#ever.get(scriptId)
    if (ever === undefined || ever.length < end) {
      const longer = new Uint8Array(end)
      longer.set(ever ?? [])
      this.#ever.set(scriptId, longer)
      ever = longer
    }
    let fresh = 0
    for (let i = 0; i < end; i++)
      if (now[i]! > ever[i]!) {
        ever[i] = 1
        this.#last.push([scriptId, i])
        fresh++
      }
    return fresh
  }

  /** Answers come at once, as the session is to this very thread. */
  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown
    this.#session.post(method, parameters, (error: Error | null, result: unknown) => {
      if (error) throw error
      answer = result
    })
    return answer
  }
}
