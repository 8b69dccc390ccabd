/** Whose rollout is next: by client, then by job; held against a slow queue that looks at all of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, FairQueue } from './fair-queue.ts'

interface Job extends Claim {
  readonly name: string
  waits: boolean
}
const job = (name: string, client: string | undefined, deadlineAt = Number.POSITIVE_INFINITY): Job => {
  return { name, client, deadlineAt, waits: true }
}
/** Gives so many slots; who got them, in order. */
function give(queue: FairQueue<Job>, slots: number, fits?: (job: Job) => boolean): string[] {
  return Array.from({ length: slots }, () => {
    const next = queue.next(fits)
    if (next) queue.give(next)
    return next?.name ?? '-'
  })
}
function queueOf(...jobs: Job[]): FairQueue<Job> {
  const queue = new FairQueue<Job>()
  for (const each of jobs) queue.add(each)
  return queue
}

describe('a queue of rollouts', () => {
  it('shares between clients, however many jobs one has', () => {
    const many = Array.from({ length: 1000 }, (_, i) => job(`a${i}`, 'anna'))
    const queue = queueOf(...many, job('b', 'ben'))
    expect(give(queue, 6)).toEqual(['a0', 'b', 'a1', 'b', 'a2', 'b'])
  })

  it('shares between the jobs of a client, in the order of coming', () => {
    expect(give(queueOf(job('x', 'a'), job('y', 'a'), job('z', 'a')), 5)).toEqual(['x', 'y', 'z', 'x', 'y'])
  })

  it('takes the nearest deadline first among jobs that hold as many', () => {
    const queue = queueOf(
      job('none', 'a'),
      job('late', 'a', 900),
      job('soon', 'a', 100),
      job('same', 'a', 100),
    )
    expect(give(queue, 5)).toEqual(['soon', 'same', 'late', 'none', 'soon'])
  })

  it('takes no deadline of one client for another’s slot', () => {
    expect(give(queueOf(job('a', 'anna', 1), job('b', undefined)), 4)).toEqual(['a', 'b', 'a', 'b'])
  })

  it('serves clients in turn that come again and again with one job each', () => {
    const queue = new FairQueue<Job>()
    const clients = ['a', 'b', 'c'].map((name) => job(name, name))
    for (const each of clients) queue.add(each)
    const served: string[] = []
    for (let i = 0; i < 9; i++) {
      const next = queue.next()!
      queue.give(next)
      served.push(next.name)
      queue.takeBack(next)
    }
    expect(served).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('passes over what does not wait or fit, and has none where nothing does', () => {
    const [x, y] = [job('x', 'a'), job('y', 'b')]
    const queue = queueOf(x, y)
    x.waits = false
    expect(give(queue, 2)).toEqual(['y', 'y'])
    expect(give(queue, 1, ({ name }) => name === 'x')).toEqual(['-'])
    queue.remove(y)
    expect(give(queue, 1)).toEqual(['-'])
    expect(queue.size).toBe(1)
  })

  it('has the client, and of it the job, that holds fewest, after any history', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'give', 'back', 'remove'),
      client: fc.constantFrom('a', 'b', 'c'),
      deadlineAt: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
      pick: fc.nat(50),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new FairQueue<Job>()
        const held = new Map<Job, number>()
        for (const [i, { what, client, deadlineAt, pick }] of steps.entries()) {
          const some = [...held.keys()][pick % Math.max(1, held.size)]
          if (what === 'add') {
            const added = job(`${i}`, client, deadlineAt)
            queue.add(added)
            held.set(added, 0)
          } else if (what === 'give') {
            const next = queue.next()
            expect(next === undefined).toBe(held.size === 0)
            if (!next) continue
            expectNeediest(next, held)
            queue.give(next)
            held.set(next, held.get(next)! + 1)
          } else if (some && what === 'back' && held.get(some)! > 0) {
            queue.takeBack(some)
            held.set(some, held.get(some)! - 1)
          } else if (some && what === 'remove') {
            queue.remove(some)
            held.delete(some)
          }
        }
      }),
    )
  })
})

/** The readable rule, over all jobs. */
function expectNeediest(next: Job, held: ReadonlyMap<Job, number>): void {
  const ofClient = (client: string | undefined) =>
    [...held].filter(([each]) => each.client === client).reduce((sum, [, count]) => sum + count, 0)
  for (const [other, count] of held) {
    expect(ofClient(next.client)).toBeLessThanOrEqual(ofClient(other.client))
    if (other.client !== next.client) continue
    expect(held.get(next)).toBeLessThanOrEqual(count)
    if (count === held.get(next)) expect(next.deadlineAt).toBeLessThanOrEqual(other.deadlineAt)
  }
}
