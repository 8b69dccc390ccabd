/** Things that many share: made for the first who asks, closed when the last has left. */

export interface Share<T> {
  /** Rejects where it could not be made; then it is lost, and whoever asks anew has it made anew. */
  readonly made: Promise<T>
  readonly isLost: boolean
  /** May be called twice. */
  leave(): void
}

interface Kept<T> {
  readonly made: Promise<T>
  users: number
  isLost: boolean
}

export class Shared<T extends { close(): Promise<void> }> {
  readonly #kept = new Map<string, Kept<T>>()

  /** A share of what is kept under the key. `make` is called where nothing is. */
  take(key: string, make: () => Promise<T>): Share<T> {
    const kept = this.#kept.get(key) ?? this.#keep(key, make())
    kept.users += 1
    let isThere = true
    return {
      made: kept.made,
      get isLost() {
        return kept.isLost
      },
      leave: () => {
        if (isThere) this.#leave(key, kept)
        isThere = false
      },
    }
  }

  #keep(key: string, made: Promise<T>): Kept<T> {
    const kept: Kept<T> = { made, users: 0, isLost: false }
    this.#kept.set(key, kept)
    made.catch(() => {
      kept.isLost = true
      this.#forget(key, kept)
    })
    return kept
  }

  #leave(key: string, kept: Kept<T>): void {
    kept.users -= 1
    if (kept.users > 0) return
    this.#forget(key, kept)
    // What could not be made has nothing to close.
    kept.made.then(
      (made) => made.close(),
      () => {},
    )
  }

  #forget(key: string, kept: Kept<T>): void {
    if (this.#kept.get(key) === kept) this.#kept.delete(key)
  }
}
