/** Answers that come bit by bit, over a real connection whose other end reads slowly or not at all. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import { Life } from '../life.ts'
import { pulled } from './stream.ts'

const PIECE = 'x'.repeat(32 * 1024)
const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

interface Made {
  pieces: number
  reason: unknown
  finished: number
  /** Whether the maker was told to stop. */
  stopped: boolean
}

/** A server whose answer has so many pieces, and a client that has asked for it and reads nothing yet. */
async function asked(pieces: number, patience: number): Promise<{ made: Made; socket: Socket }> {
  const made: Made = { pieces: 0, reason: undefined, finished: 0, stopped: false }
  async function* make() {
    try {
      for (; made.pieces < pieces; made.pieces++) yield PIECE
    } finally {
      made.stopped = true
    }
  }
  const listener = getRequestListener((request, { outgoing }) => {
    const work = new Life().begin(request.signal)
    work.signal.addEventListener('abort', () => {
      made.reason = work.signal.reason
    })
    const breakOff = () => void outgoing.destroy()
    return new Response(pulled(make(), { work, patience, breakOff }, () => (made.finished += 1)))
  })
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  open.push(() => {
    socket.destroy()
    server.close()
  })
  socket.on('error', () => {}).pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  return { made, socket }
}

/** Waits until nothing more is made, and returns how much was. */
async function standstill(made: Made): Promise<number> {
  for (let before = -1; ; before = made.pieces) {
    if (before === made.pieces && before > 0) return before
    await sleep(300)
  }
}

describe('a body that is pulled', () => {
  it('is made no faster than it is read, and comes whole', async () => {
    const { made, socket } = await asked(2000, 60_000)
    const full = await standstill(made)
    // What the buffers of the system take, of 64 MB.
    expect(full).toBeLessThan(600)
    let bytes = 0
    socket.on('data', (data) => (bytes += data.length)).resume()
    await once(socket, 'end')
    expect(bytes).toBeGreaterThan(2000 * PIECE.length)
    expect(made).toEqual({ pieces: 2000, reason: undefined, finished: 1, stopped: true })
  })

  it('is given up where nobody reads it', async () => {
    const { made, socket } = await asked(2000, 400)
    const full = await standstill(made)
    const closed = once(socket, 'close')
    await sleep(600)
    socket.resume()
    await closed
    expect(made).toMatchObject({ pieces: full, finished: 1, stopped: true, reason: { name: 'TimeoutError' } })
  })

  it('is no longer made when its reader goes', async () => {
    const { made, socket } = await asked(2000, 60_000)
    const full = await standstill(made)
    socket.destroy()
    while (made.finished === 0) await sleep(10)
    expect(made).toMatchObject({
      pieces: full,
      finished: 1,
      stopped: true,
      reason: { name: 'ClientGoneError' },
    })
  })
})
