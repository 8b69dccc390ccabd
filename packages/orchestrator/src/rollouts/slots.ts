/** The slots of one engine that hold no rollout, for those who share it. */
export class FreeSlots {
  /** The lowest last. */
  readonly #free: number[]

  constructor(slots: number) {
    this.#free = Array.from({ length: slots }, (_, i) => slots - 1 - i)
  }

  /** Undefined where none is free. */
  take(): number | undefined {
    return this.#free.pop()
  }

  give(slot: number): void {
    this.#free.push(slot)
  }
}
