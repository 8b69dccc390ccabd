/** Tied models and what PyTorch makes of them, by fixtures/make_tied.py: free weights, plain TRMs, and steps on boards of several sizes. Runs without vitest, too. */
import { readFileSync } from 'node:fs'
import { type BoardSize, type Model, readModel, readSafetensors, type Tensors } from '../ts/index.ts'

/** The ties that there are: `rooms` is the tie `board` with rooms, which is no plain TRM. */
export const TIES = ['units', 'board', 'rooms'] as const
export const PLAIN_TIES = ['units', 'board'] as const
export type TieName = (typeof TIES)[number]

const BOARDS: Readonly<Record<TieName, readonly string[]>> = {
  units: ['9x9'],
  board: ['3x5', '1x1', '7x1', '13x11'],
  rooms: ['3x5', '1x1', '7x1', '9x8'],
}

/** What PyTorch found on the boards of one size, by the names of make_tied.py. */
export interface TiedCase extends BoardSize {
  /** `tokens`, `z_L`, `z_H`, `logits`, `q`. */
  readonly get: (name: string) => { readonly shape: readonly number[]; readonly data: Float32Array }
}

export interface TiedFixture {
  readonly file: Uint8Array
  readonly model: Model
  /** Boards of the first size are those that `dense` is written out for, where the model is a plain TRM. */
  readonly cases: readonly TiedCase[]
  readonly dense: Tensors
}

export function tiedFixture(name: TieName): TiedFixture {
  const read = (file: string) => readFileSync(new URL(`./fixtures/tied/${file}`, import.meta.url))
  const file = read(`${name}.safetensors`)
  const { tensors } = readSafetensors(read(`${name}.expected.safetensors`))
  const boards = BOARDS[name].map((board): TiedCase => {
    const [rows, columns] = board.split('x').map(Number) as [number, number]
    return { rows, columns, get: (part) => tensors.get(`${board}.${part}`)! }
  })
  return {
    file,
    model: readModel(file),
    cases: boards,
    dense: new Map([...tensors].filter(([key]) => key.startsWith('L_level.'))),
  }
}
