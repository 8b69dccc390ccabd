/** The few commands of W3C WebDriver that the tests need: https://www.w3.org/TR/webdriver2. Its libraries bring 20 MB and look for drivers to download. */

type Actions = readonly Readonly<Record<string, unknown>>[]

/** What an asynchronous script reports, so that an error of the page's comes back with its words. */
type Outcome<Result> = { readonly result: Result } | { readonly error: string }

/** Calls the function that stands in the script with the arguments before the last, and reports to the last. */
const caller = (run: string) => `
  const report = arguments[arguments.length - 1]
  new Promise((resolve) => resolve((${run})(...[...arguments].slice(0, -1)))).then(
    (result) => report({ result }),
    (error) => report({ error: String(error) }),
  )`

async function command<Result>(method: 'POST' | 'DELETE', url: string, body: object = {}): Promise<Result> {
  const response = await fetch(url, { method, ...(method === 'POST' && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: Result & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`)
  return value
}

export class WebDriverSession {
  readonly #url: string
  /** Name and version as the browser tells them. */
  readonly name: string

  private constructor(url: string, name: string) {
    this.#url = url
    this.name = name
  }

  /** The caller closes it. */
  static async open(driver: string, capabilities: object): Promise<WebDriverSession> {
    const { sessionId, capabilities: found } = await command<{
      sessionId: string
      capabilities: { browserName: string; browserVersion: string }
    }>('POST', `${driver}/session`, { capabilities: { alwaysMatch: capabilities } })
    return new WebDriverSession(
      `${driver}/session/${sessionId}`,
      `${found.browserName} ${found.browserVersion}`,
    )
  }

  goto(url: string): Promise<void> {
    return command('POST', `${this.#url}/url`, { url })
  }

  /** `run` is the text of a function. */
  async evaluate<Result>(run: string, args: readonly unknown[]): Promise<Result> {
    const body = { script: caller(run), args }
    const outcome = await command<Outcome<Result>>('POST', `${this.#url}/execute/async`, body)
    if ('error' in outcome) throw new Error(outcome.error)
    return outcome.result
  }

  /** Presses and lets go, one after the other; keys that are no characters are WebDriver's private ones. */
  keys(keys: Iterable<string>): Promise<void> {
    const actions = [...keys].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ])
    return this.#act({ type: 'key', id: 'keyboard' }, actions)
  }

  click(x: number, y: number): Promise<void> {
    return this.#act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } }, [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ])
  }

  close(): Promise<void> {
    return command('DELETE', this.#url)
  }

  #act(source: object, actions: Actions): Promise<void> {
    return command('POST', `${this.#url}/actions`, { actions: [{ ...source, actions }] })
  }
}
