/** Work on a stream: order, how much of it is in flight, and how it ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inOrder } from './in-order.ts'

const never = new AbortController().signal

/** A stream that has these items, and then waits for more that never come, until it is aborted. */
async function* endless(items: readonly number[], signal: AbortSignal) {
  yield* items
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

describe('inOrder', () => {
  it('hands results over in the order of items, whichever is done first', async () => {
    const used: number[] = []
    let inFlight = 0
    let most = 0
    await inOrder({
      read: () => [40, 5, 20, 1, 10, 1],
      async work(ms, index) {
        most = Math.max(most, ++inFlight)
        await sleep(ms)
        inFlight--
        return index
      },
      use: (index) => used.push(index),
      atOnce: () => 3,
      signal: never,
    })
    expect(used).toEqual([0, 1, 2, 3, 4, 5])
    expect(most).toBe(3)
  })

  it('hands a result over while the next item is awaited', async () => {
    const end = new AbortController()
    const used: number[] = []
    const use = (result: number) => {
      used.push(result)
      if (used.length === 2) end.abort()
    }
    const read = (signal: AbortSignal) => endless([1, 2], signal)
    await inOrder({ read, work: async (item) => item, use, atOnce: () => 4, signal: end.signal })
    expect(used).toEqual([1, 2])
  })

  it('reads on no faster than results are used', async () => {
    let read = 0
    let used = 0
    function* items() {
      for (; read < 20; read++) yield read
    }
    await inOrder({
      read: items,
      work: async (item) => item,
      async use() {
        await sleep(2)
        used += 1
        expect(read - used).toBeLessThanOrEqual(4)
      },
      atOnce: () => 3,
      signal: never,
    })
    expect(used).toBe(20)
  })

  it('ends at an abort with the results that are there', async () => {
    const end = new AbortController()
    const used: number[] = []
    await inOrder({
      read: (signal) => endless([1, 2, 3], signal),
      async work(item) {
        if (item < 3) return item
        end.abort(new Error('enough'))
        throw end.signal.reason
      },
      use: (result) => used.push(result),
      atOnce: () => 2,
      signal: end.signal,
    })
    expect(used).toEqual([1, 2])
  })

  it('rejects at once with what work or use throws, after the results before it', async () => {
    const used: number[] = []
    const read = (signal: AbortSignal) => endless([30, 1], signal)
    const work = async (item: number) => {
      await sleep(item)
      if (item === 1) throw new Error('broken')
      return item
    }
    const broken = inOrder({ read, work, use: (ms) => used.push(ms), atOnce: () => 2, signal: never })
    await expect(broken).rejects.toThrow('broken')
    expect(used).toEqual([30])
    const full = () => {
      throw new Error('full')
    }
    await expect(
      inOrder({ read, work: async (ms) => ms, use: full, atOnce: () => 4, signal: never }),
    ).rejects.toThrow('full')
  })
})
