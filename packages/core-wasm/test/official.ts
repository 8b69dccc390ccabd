/** The official PyTorch code's parity cases: config, weights, and what it computed for four steps under three kinds of noise. */
import { readFileSync } from 'node:fs'
import { readSafetensors, type SafetensorsFile, type TrmConfig } from '../ts/index.ts'

export const OFFICIAL_CASES = ['mlp-sudoku', 'att-rope', 'att-learned'] as const
export type OfficialCase = (typeof OFFICIAL_CASES)[number]

function load(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/official-trm/${name}`, import.meta.url))
}

export interface OfficialFixture {
  readonly config: TrmConfig
  readonly steps: number
  /** What the fixture's standard normal noise was multiplied by. */
  readonly sigma: number
  readonly weights: SafetensorsFile['tensors']
  readonly expected: SafetensorsFile['tensors']
  /** Latents in front of steps 1 to 3, for the network that is too chaotic to be run freely; see make_states.py. */
  readonly states: SafetensorsFile['tensors'] | undefined
}

export function officialFixture(name: OfficialCase): OfficialFixture {
  const raw = JSON.parse(load(`${name}.config.json`).toString())
  const config: TrmConfig = {
    vocabSize: raw.vocab_size,
    seqLen: raw.seq_len,
    prefix: raw.puzzle_emb_len || Math.ceil(raw.puzzle_emb_ndim / raw.hidden_size),
    hiddenSize: raw.hidden_size,
    numHeads: raw.num_heads,
    layers: raw.L_layers,
    hCycles: raw.H_cycles,
    lCycles: raw.L_cycles,
    positions: raw.pos_encodings,
    mlpT: raw.mlp_t ?? false,
    rmsEps: 1e-5,
    ropeTheta: 10_000,
    answerTokens: [],
  }
  return {
    config,
    steps: raw.steps,
    sigma: raw.sigma,
    weights: readSafetensors(load(`${name}.safetensors`)).tensors,
    expected: readSafetensors(load(`${name}.expected.safetensors`)).tensors,
    states:
      name === 'mlp-sudoku' ? readSafetensors(load('mlp-sudoku.states.safetensors')).tensors : undefined,
  }
}

/** Entry `index` of a tensor's first axis (or first two). */
export function slice(
  tensor: { shape: readonly number[]; data: Float32Array },
  ...index: number[]
): Float32Array {
  let size = tensor.data.length
  let at = 0
  for (const [axis, i] of index.entries()) {
    size /= tensor.shape[axis]!
    at += i * size
  }
  return tensor.data.subarray(at, at + size)
}

/** Largest absolute difference, relative to the largest magnitude of `wanted`. */
export function relativeError(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) throw new Error(`found ${found.length} values, wanted ${wanted.length}`)
  let error = 0
  let most = 0
  for (let i = 0; i < wanted.length; i++) {
    error = Math.max(error, Math.abs(found[i]! - wanted[i]!))
    most = Math.max(most, Math.abs(wanted[i]!))
    if (Number.isNaN(found[i])) return Number.NaN
  }
  return error / most
}
