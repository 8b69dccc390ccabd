/**
 * Which open job gets the next rollout. First the client that holds the fewest of the pool's slots, and of several the one
 * that was served longest ago: so a client with ten thousand puzzles does not hold up one with a single one. Then, of
 * that client's jobs, the one that holds the fewest, so that many puzzles get a rollout each before any gets a second
 * one, which a right answer may spare; among equals the nearest deadline, then the order of coming. Knows no worker and
 * no time.
 */

/** What the queue must know of a job. */
export interface Claim {
  /** Who it is for; undefined is a client as well. */
  readonly client: string | undefined
  /** By the pool's clock; Infinity for none. */
  readonly deadlineAt: number
  /** Whether rollouts of it wait for a slot. */
  readonly waits: boolean
}

interface Client<Job> {
  /** Slots that its jobs hold. */
  held: number
  /** When it was given one; counts up. */
  servedAt: number
  /** By deadline, then by coming. */
  readonly jobs: { readonly job: Job; held: number }[]
}

export class FairQueue<Job extends Claim> {
  readonly #clients = new Map<string | undefined, Client<Job>>()
  readonly #places = new Map<Job, { readonly job: Job; held: number }>()
  #served = 0

  get jobs(): Iterable<Job> {
    return this.#places.keys()
  }

  get size(): number {
    return this.#places.size
  }

  add(job: Job): void {
    const client = this.#clients.get(job.client) ?? { held: 0, servedAt: this.#served++, jobs: [] }
    this.#clients.set(job.client, client)
    const place = { job, held: 0 }
    this.#places.set(job, place)
    let at = client.jobs.length
    while (at > 0 && client.jobs[at - 1]!.job.deadlineAt > job.deadlineAt) at -= 1
    client.jobs.splice(at, 0, place)
  }

  /** What it holds is its client's no longer. */
  remove(job: Job): void {
    const place = this.#places.get(job)
    const client = this.#clients.get(job.client)
    if (!place || !client) return
    this.#places.delete(job)
    client.held -= place.held
    client.jobs.splice(client.jobs.indexOf(place), 1)
    if (client.jobs.length === 0) this.#clients.delete(job.client)
  }

  /** The job whose turn it is, of those that wait and that `fits` takes now. */
  next(fits: (job: Job) => boolean = () => true): Job | undefined {
    const byTurn = [...this.#clients.values()].sort((a, b) => a.held - b.held || a.servedAt - b.servedAt)
    for (const { jobs } of byTurn) {
      const first = neediest(jobs, fits)
      if (first) return first
    }
    return undefined
  }

  /** The job was given a slot. */
  give(job: Job): void {
    this.#change(job, 1)
    const client = this.#clients.get(job.client)
    if (client) client.servedAt = this.#served++
  }

  /** The job left a slot. */
  takeBack(job: Job): void {
    this.#change(job, -1)
  }

  #change(job: Job, by: 1 | -1): void {
    const place = this.#places.get(job)
    const client = this.#clients.get(job.client)
    if (!place || !client) return
    place.held += by
    client.held += by
  }
}

function neediest<Job extends Claim>(
  jobs: readonly { readonly job: Job; readonly held: number }[],
  fits: (job: Job) => boolean,
): Job | undefined {
  let best: { readonly job: Job; readonly held: number } | undefined
  for (const place of jobs) {
    if (best && place.held >= best.held) continue
    if (!place.job.waits || !fits(place.job)) continue
    best = place
    if (best.held === 0) break
  }
  return best?.job
}
