/** The loop of a contender's process: requests (gpu-protocol.ts) by lines on stdin, their answers by lines on stdout. */
import { createInterface } from 'node:readline'
import type { Request } from './gpu-protocol.ts'

/** Until stdin ends. Requests are answered one after the other; what one rejects with is its answer's `error`. */
export async function serve(answer: (request: Request) => Promise<object>): Promise<void> {
  for await (const line of createInterface(process.stdin)) {
    const { id, ...request } = JSON.parse(line) as Request & { id: number }
    const said = await answer(request).catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error),
    }))
    process.stdout.write(`${JSON.stringify({ id, ...said })}\n`)
  }
}

export async function milliseconds(run: () => unknown): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
