/** The checkpoint fixtures: one tiny TRM in many forms, see fixtures/make_checkpoints.py. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Tensors } from '@ptrm/core-wasm'
import type { GivenConfig } from '../src/import/config-file.ts'
import { checkpointTensors, readCheckpoint } from '../src/import/import.ts'
import { inferConfig } from '../src/import/infer.ts'

const FOLDER = new URL('./fixtures/checkpoints/', import.meta.url)

export const CHECKPOINTS: readonly string[] = readdirSync(FOLDER)

/** What no shape of the tiny TRM tells. */
export const TINY: GivenConfig = {
  hCycles: 2,
  lCycles: 2,
  numHeads: 2,
  positions: 'rope',
  seqLen: 4,
  puzzleEmbLen: 2,
}

export function checkpoint(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)))
}

/** A whole read, down to the values. */
export function loadTensors(file: Uint8Array, entry?: string): Tensors {
  const { weights } = readCheckpoint(file, entry)
  return checkpointTensors(inferConfig(weights, TINY), weights)
}
