/** Several items at once: how far it reads ahead, and in which order results come. */
import { describe, expect, it } from 'vitest'
import { inFlight } from './in-flight.ts'

interface Numbers {
  items: AsyncGenerator<number>
  /** How many of them were asked for. */
  asked: number
  ended: boolean
}

/** Numbers from 0. */
function numbers(count: number): Numbers {
  async function* make() {
    try {
      while (state.asked < count) yield state.asked++
    } finally {
      state.ended = true
    }
  }
  const state: Numbers = { asked: 0, ended: false, items: make() }
  return state
}

/** Work that is done when it is told to be, by the item. */
function heldWork(): {
  readonly work: (item: number) => Promise<number>
  finish(item: number): void
  begun(): number[]
} {
  const open = new Map<number, () => void>()
  return {
    work: (item) => new Promise((resolve) => open.set(item, () => resolve(item))),
    finish: (item) => open.get(item)!(),
    begun: () => [...open.keys()],
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('items in flight', () => {
  it.each([
    [true, [0, 1, 2, 3]],
    [false, [2, 1, 0, 3]],
  ])('come in their order: %j', async (ordered, order) => {
    const { work, finish, begun } = heldWork()
    const results = inFlight({ items: numbers(4).items, work, atOnce: 3, ordered })
    const got: number[] = []
    const reading = (async () => {
      for await (const result of results) got.push(result)
    })()
    await settled()
    expect(begun()).toEqual([0, 1, 2])
    for (const item of [2, 1, 0, 3]) {
      finish(item)
      await settled()
    }
    await reading
    expect(got).toEqual(order)
  })

  it('are read no further ahead than is worked on, also where nobody takes what is done', async () => {
    const source = numbers(100)
    const results = inFlight({ items: source.items, work: async (item) => item, atOnce: 3, ordered: true })
    expect(source.asked).toBe(0)
    for (let taken = 1; taken <= 50; taken++) {
      expect((await results.next()).value).toBe(taken - 1)
      await settled()
      expect(source.asked).toBeLessThanOrEqual(taken + 3)
    }
  })

  it('come while the next item is still awaited', async () => {
    async function* items() {
      yield 1
      await new Promise(() => {})
    }
    const results = inFlight({ items: items(), work: async (item) => item, atOnce: 3, ordered: true })
    expect(await results.next()).toEqual({ done: false, value: 1 })
  })

  it('end their source where they are ended, and with what it throws', async () => {
    const source = numbers(9)
    const results = inFlight({ items: source.items, work: async (item) => item, atOnce: 2, ordered: false })
    await results.next()
    await results.return(undefined)
    await settled()
    expect(source.ended).toBe(true)
    async function* broken(): AsyncGenerator<number> {
      yield 1
      throw new Error('broken')
    }
    const failing = inFlight({ items: broken(), work: async (item) => item, atOnce: 1, ordered: true })
    expect((await failing.next()).value).toBe(1)
    await expect(failing.next()).rejects.toThrow('broken')
  })
})
