/** Work on a stream of items, some of it at the same time, with the results in the items' order. */
import { pMapIterable, pMapSkip } from 'p-map'

export interface InOrder<Item, Result> {
  /** The items; an abort ends them, even while the next one is awaited. */
  readonly read: (signal: AbortSignal) => AsyncIterable<Item> | Iterable<Item>
  /** `index` counts items from 0. May reject once the signal is aborted; the item is then left out. */
  readonly work: (item: Item, index: number) => Promise<Result>
  /** Gets each result once the promise that it may return for the one before is settled; meanwhile no further item is read than are in flight. */
  readonly use: (result: Result) => unknown
  /** Items in flight, those among them that are done and wait for their turn; asked once, when the first is there. */
  readonly atOnce: (first: Item) => number | Promise<number>
  /** Ends the run; results that are there are still handed over. */
  readonly signal: AbortSignal
}

/** Rejects with what `work` rejects with, after the results before it were handed over, or with what `use` throws. */
export async function inOrder<Item, Result>(run: InOrder<Item, Result>): Promise<void> {
  const { read, work, use, atOnce, signal } = run
  // A failure is not to wait for the next item, which may never come.
  const failed = new AbortController()
  const fail = (error: unknown): never => {
    failed.abort()
    throw error
  }
  const reading = AbortSignal.any([signal, failed.signal])
  const items = until(reading, read(reading))
  const first = await items.next()
  if (first.done) return
  const results = pMapIterable(
    startingWith(first.value, items),
    (item, index) => work(item, index).catch((error) => (signal.aborted ? pMapSkip : fail(error))),
    { concurrency: await atOnce(first.value) },
  )
  for await (const result of results) {
    try {
      await use(result as Result)
    } catch (error) {
      fail(error)
    }
  }
}

async function* startingWith<Item>(first: Item, others: AsyncGenerator<Item>): AsyncGenerator<Item> {
  yield first
  yield* others
}

async function* until<Item>(
  signal: AbortSignal,
  items: AsyncIterable<Item> | Iterable<Item>,
): AsyncGenerator<Item> {
  for await (const item of items) {
    if (signal.aborted) return
    yield item
  }
}
