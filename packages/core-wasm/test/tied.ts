/** Tied models and what PyTorch makes of them, by fixtures/make_tied.py: free weights, plain TRMs, and steps on boards of several sizes. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import {
  type BoardSize,
  type Model,
  readModel,
  readSafetensors,
  type Tensors,
  type TrmModel,
} from '../ts/index.ts'
import { relativeError, slice } from './official.ts'

/** Of logits, relative to the largest, and of q. */
export const TOLERANCE = 2e-4

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

/** Expects of a loaded model that it steps as PyTorch did, from the states that each of its steps starts from. */
export function expectPytorchSteps(run: TrmModel, { rows, columns, get }: TiedCase, what: string): void {
  const [boards, steps] = get('q').shape as [number, number]
  for (let board = 0; board < boards; board++) {
    run.start(0, { rows, columns, tokens: Uint8Array.from(slice(get('tokens'), board)) })
    for (let step = 0; step < steps; step++) {
      run.writeLatent(0, 'zH', slice(get('z_H'), board, step))
      run.writeLatent(0, 'zL', slice(get('z_L'), board, step))
      run.step(0)
      const where = `${what}, board ${board}, step ${step}`
      expect(relativeError(run.logits(0), slice(get('logits'), board, step)), where).toBeLessThan(TOLERANCE)
      expect(Math.abs(run.q(0)[0]! - get('q').data[board * steps + step]!), where).toBeLessThan(TOLERANCE)
    }
  }
}
