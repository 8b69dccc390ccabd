import { expect, it } from 'vitest'
import { Shared } from './shared.ts'

/** Something to share, that counts how often it was made and closed. */
function counter() {
  const counts = { made: 0, closed: 0 }
  const make = async () => {
    counts.made += 1
    const close = async () => {
      counts.closed += 1
    }
    return { close }
  }
  return { counts, make }
}

it('makes one for all who say the same, and closes it when the last leaves, once', async () => {
  const { counts, make } = counter()
  const shared = new Shared()
  const [first, second, other] = [shared.take('a', make), shared.take('a', make), shared.take('b', make)]
  expect(await first.made).toBe(await second.made)
  expect(await other.made).not.toBe(await first.made)
  first.leave()
  first.leave()
  await Promise.resolve()
  expect(counts).toEqual({ made: 2, closed: 0 })
  second.leave()
  await first.made
  expect(counts).toEqual({ made: 2, closed: 1 })
  await shared.take('a', make).made
  expect(counts).toEqual({ made: 3, closed: 1 })
})

it('forgets what could not be made', async () => {
  const { counts, make } = counter()
  const shared = new Shared()
  const failed = shared.take('a', () => Promise.reject(new Error('offline')))
  await expect(failed.made).rejects.toThrow('offline')
  expect(failed.isLost).toBe(true)
  const again = shared.take('a', make)
  failed.leave()
  await again.made
  expect(counts).toEqual({ made: 1, closed: 0 })
})
