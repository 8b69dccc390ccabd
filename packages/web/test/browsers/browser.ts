/** What the tests of browsers other than Chromium need of one: a page that they open, ask, click and type into. */

export type Key = 'ArrowDown' | 'ArrowRight' | 'Backspace'

export interface OpenBrowser {
  /** Its name and version, for people. */
  readonly name: string
  goto(url: string): Promise<void>
  /** Runs a function in the page; its arguments, and what its promise comes to, are JSON. Rejects as the function does. */
  evaluate<Args extends readonly unknown[], Result>(
    run: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>
  /** By the keyboard, into what has the focus. */
  type(text: string): Promise<void>
  press(key: Key): Promise<void>
  /** By the mouse, in pixels of the window. */
  click(x: number, y: number): Promise<void>
  /** What the page complained of since the last call: uncaught errors, errors and warnings of the console. */
  complaints(): Promise<string[]>
  close(): Promise<void>
}

/** A browser that may be on this machine. */
export interface BrowserSpec {
  readonly name: string
  /** What to do where there is none. */
  readonly remedy: string
  /** Whether what it needs is there. A variable of the environment that names what is not there is an error of whoever set it. */
  isThere(): boolean
  /** The caller closes it. */
  open(): Promise<OpenBrowser>
}
