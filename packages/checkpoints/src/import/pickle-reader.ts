/** A cursor over a pickle's bytes; every read past the end is a `CheckpointError` that names the byte. */
import { CheckpointError } from './errors.ts'

export class PickleReader {
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false)
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(length)
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length)
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length))
  }

  /** Little-endian two's complement; a number where it is a safe integer, else a bigint. */
  long(length: number): number | bigint {
    let value = 0n
    const bytes = this.bytes(length)
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
    const signed = BigInt.asIntN(length * 8, value)
    const number = Number(signed)
    return Number.isSafeInteger(number) ? number : signed
  }

  /** The text up to the next line break, without it. */
  line(): string {
    const start = this.#at
    while (this.byte() !== 0x0a);
    return new TextDecoder().decode(
      new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, this.#at - 1 - start),
    )
  }

  skip(length: number): void {
    this.#advance(length)
  }

  fail(reason: string): CheckpointError {
    return new CheckpointError('malformed', `malformed pickle before byte ${this.#at}: ${reason}`)
  }

  #advance(length: number): number {
    const at = this.#at
    if (length > this.#view.byteLength - at)
      throw new CheckpointError(
        'truncated',
        `the checkpoint's pickle is cut off: byte ${at + length} of ${this.#view.byteLength} wanted`,
      )
    this.#at = at + length
    return at
  }
}
