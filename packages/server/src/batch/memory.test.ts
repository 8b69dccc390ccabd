/** A batch that goes on and on keeps nothing of the lines that it has answered. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { batch, serve } from '../../test/service.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const LINES = 200
const LINE = new TextEncoder().encode(`{"puzzle":"${'x'.repeat(200_000)}"}\n`)

it('holds no line once it is answered', async () => {
  const server = await serve()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const heap = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  const sent = (async () => {
    for (let i = 0; i < LINES; i++) await writer.write(LINE)
  })()
  const response = await batch(server, readable)
  let answers = 0
  const reader = response.body!.getReader()
  while (answers < LINES) {
    const { value } = await reader.read()
    for (const byte of value!) if (byte === 0x0a) answers += 1
  }
  await sent
  // The batch is open still.
  expect(heap() - before).toBeLessThan((LINES * LINE.length) / 4)
  await writer.close()
  expect((await reader.read()).done).toBe(true)
})
