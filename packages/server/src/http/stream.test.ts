/** Answers that come bit by bit, over a real connection whose other end reads slowly or not at all. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { finished } from 'node:stream'
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
  brokenOff: unknown
  finished: number
  /** Whether the maker was told to stop. */
  stopped: boolean
}

/** A server whose answer has so many pieces, and a client that has asked for it and reads nothing yet. */
async function asked(
  pieces: number,
  patience: number,
  before: () => Promise<unknown> = async () => {},
): Promise<{ made: Made; socket: Socket }> {
  const made: Made = { pieces: 0, reason: undefined, brokenOff: undefined, finished: 0, stopped: false }
  async function* make() {
    try {
      await before()
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
    const connection = {
      breakOff: (reason: unknown) => {
        made.brokenOff = reason
        outgoing.destroy()
      },
      whenSent: (act: () => void) => void finished(outgoing, act),
    }
    return new Response(pulled(make(), { work, patience, connection }, () => (made.finished += 1)))
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
    expect(made).toMatchObject({ pieces: 2000, reason: undefined, finished: 1, stopped: true })
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
      brokenOff: undefined,
    })
  })

  it('is given up where its end is never read, though all of it is made', async () => {
    const buffered = await standstill((await asked(2000, 60_000)).made)
    // One that the buffers take but for less than what is kept here: they take a little more or less each time.
    let left = 0
    for (let pieces = buffered - 4; pieces < buffered + 2; pieces++) {
      const { made, socket } = await asked(pieces, 200)
      const closed = once(socket, 'close').then(() => true)
      const isMade = async () => {
        while (made.finished === 0) await sleep(5)
        return sleep(600, 'made' as const)
      }
      await Promise.race([closed, isMade()])
      if (made.finished === 1 && made.brokenOff === undefined) socket.resume()
      else left += 1
      if (made.brokenOff !== undefined) expect(made.brokenOff).toMatchObject({ name: 'TimeoutError' })
      else expect(await closed).toBe(true)
    }
    expect(left).toBeGreaterThan(0)
  })

  it('is left alone where its reader goes while it waits for a piece', async () => {
    const { made, socket } = await asked(1, 60_000, () => sleep(200))
    await sleep(100)
    socket.destroy()
    while (made.finished === 0) await sleep(10)
    await sleep(200)
    expect(made).toMatchObject({ reason: { name: 'ClientGoneError' }, brokenOff: undefined })
  })
})
