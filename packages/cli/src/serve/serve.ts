/** What `ptrm serve` does: starts the service, waits for a signal, and lets what was accepted come to its end. */
import { newKey, readSettings, startServer } from '@ptrm/server'
import { refuseIdle } from '../options/engine.ts'
import { interruptible } from '../run/interrupt.ts'
import { print, tell } from '../run/output.ts'

/** The settings by their fields, as they were typed. */
export interface ServeFlags extends Readonly<Record<string, unknown>> {
  readonly config?: string
  readonly newKey?: string
}

/** Exit codes: 0 all that was accepted is done, 1 some of it was cut off. */
export async function serve({ config, newKey: name, ...flags }: ServeFlags): Promise<number> {
  if (name !== undefined) return writeNewKey(name)
  const settings = readSettings({ flags, env: process.env, ...(config !== undefined && { file: config }) })
  refuseIdle(settings)
  return interruptible(async (signal) => {
    const server = await startServer(settings)
    await tell(`listening on ${server.url}; the API is at ${server.url}/docs\n`)
    await aborted(signal)
    return (await server.drain()) ? 0 : 1
  })
}

async function writeNewKey(name: string): Promise<number> {
  const { key, line } = newKey(name)
  await print(`${key}\n`)
  await tell(`the line for the file of keys, which does not tell the key:\n${line}\n`)
  return 0
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
