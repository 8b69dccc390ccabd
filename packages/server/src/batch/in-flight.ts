/** Work on a stream of items, so many of them at once; results come in the items' order, or as they are done. */

export interface InFlight<Item, Result> {
  readonly items: AsyncIterable<Item>
  /** Never rejects. */
  readonly work: (item: Item) => Promise<Result>
  /** Items that are worked on or whose result waits for its turn. */
  readonly atOnce: number
  readonly ordered: boolean
}

/** Reads no further ahead than `atOnce` allows, and hands over what is done while it waits for more. */
export async function* inFlight<Item, Result>(run: InFlight<Item, Result>): AsyncGenerator<Result> {
  const { work, atOnce, ordered } = run
  const iterator = run.items[Symbol.asyncIterator]()
  let open: Promise<Done<Result>>[] = []
  let reading: Promise<Read<Item>> | undefined
  let isOver = false
  try {
    while (true) {
      if (!reading && !isOver && open.length < atOnce) reading = iterator.next().then((read) => ({ read }))
      const next = ordered ? open.slice(0, 1) : open
      if (!reading && next.length === 0) return
      const came = await Promise.race([...next, ...(reading ? [reading] : [])])
      if ('read' in came) {
        reading = undefined
        if (came.read.done) isOver = true
        else open.push(tagged(work(came.read.value)))
      } else {
        const done = came.self()
        open = open.filter((one) => one !== done)
        yield came.result
      }
    }
  } finally {
    void iterator.return?.(undefined).catch(() => {})
  }
}

interface Read<Item> {
  readonly read: IteratorResult<Item>
}

interface Done<Result> {
  readonly result: Result
  /** The promise of it, by which it is found among those that are open. */
  readonly self: () => Promise<Done<Result>>
}

function tagged<Result>(coming: Promise<Result>): Promise<Done<Result>> {
  const self: Promise<Done<Result>> = coming.then((result) => ({ result, self: () => self }))
  return self
}
