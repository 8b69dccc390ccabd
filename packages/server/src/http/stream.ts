/** Answers that come bit by bit: made no faster than they are read, and given up where nobody reads or the client goes. */
import { finished } from 'node:stream'
import { ClientGoneError, ServiceError } from '../errors.ts'
import type { Work } from '../life.ts'
import type { Call } from './context.ts'

/** Bytes that wait for their reader before it counts as slow. */
const HIGH_WATER = 64 * 1024

export interface StreamOptions {
  readonly work: Work
  /** Milliseconds that a reader may keep an answer waiting. */
  readonly patience: number
  readonly connection: Connection
}

/** The connection of a request. */
export interface Connection {
  /** Breaks it off, as the head of the answer is gone and nothing else tells that it is not whole. */
  breakOff(reason: unknown): void
  /** Calls when all of the answer is on its way, or the connection is gone. */
  whenSent(act: () => void): void
}

/**
 * A body of the pieces of `make`, each of which is asked for when the one before is on its way. When the reader goes or sleeps,
 * the work is stopped and `make` is ended. `finish` is called once, when all is over.
 */
export function pulled(
  make: AsyncGenerator<string>,
  { work, patience, connection }: StreamOptions,
  finish: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let sleeping: NodeJS.Timeout | undefined
  let isLeft = false
  const end = once(() => {
    clearTimeout(sleeping)
    work.done()
    finish()
  })
  const giveUp = (reason: unknown) => {
    work.stop(reason)
    connection.breakOff(reason)
  }
  const giveUpLater = () => {
    sleeping = setTimeout(() => giveUp(sleepyReader()), patience)
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(sleeping)
        try {
          const { done, value } = await make.next()
          if (isLeft) return
          if (done) {
            end()
            controller.close()
            // What is left of it may never be read.
            giveUpLater()
            connection.whenSent(() => clearTimeout(sleeping))
            return
          }
          controller.enqueue(encoder.encode(value))
          if ((controller.desiredSize ?? 0) <= 0) giveUpLater()
        } catch (error) {
          if (!isLeft) giveUp(error)
        }
      },
      // Also where it was broken off.
      async cancel() {
        isLeft = true
        work.stop(new ClientGoneError())
        await make.return(undefined).catch(() => {})
        end()
      },
    },
    { highWaterMark: HIGH_WATER, size: (chunk) => chunk.byteLength },
  )
}

/** The connection of a request. */
export function connectionOf(c: Call): Connection {
  const { outgoing } = c.env
  return {
    breakOff: (reason) => {
      c.get('log').warn({ err: reason }, 'broken off')
      outgoing.destroy()
    },
    whenSent: (act) => void finished(outgoing, act),
  }
}

function sleepyReader(): ServiceError {
  return new ServiceError('TimeoutError', 408, 'the client did not read its answer')
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}
