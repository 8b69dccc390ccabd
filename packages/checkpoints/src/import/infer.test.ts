/** Board length and prefix from whichever of rows, puzzle embedding, kind and flags are known. */
import { describe, expect, it } from 'vitest'
import type { GivenConfig } from './config-file.ts'
import { MissingConfigError } from './errors.ts'
import { inferConfig } from './infer.ts'
import type { Weight } from './weight.ts'

const D = 8

interface Net {
  /** Rows T, where an MLP token mix or learned positions show them. */
  readonly rows?: number
  readonly mix?: 'mlp' | 'attention'
  /** Width of the puzzle embedding. */
  readonly puzzle?: number
  readonly layers?: number
}

function weights({ rows, mix = 'mlp', puzzle, layers = 1 }: Net): Map<string, Weight> {
  const shapes: [string, number[]][] = [['embed_tokens.embedding_weight', [11, D]]]
  if (mix === 'mlp') shapes.push(['L_level.layers.0.mlp_t.gate_up_proj.weight', [6, rows!]])
  else if (rows !== undefined) shapes.push(['embed_pos.embedding_weight', [rows, D]])
  if (puzzle !== undefined) shapes.push(['puzzle_emb.weights', [1, puzzle]])
  for (let layer = 0; layer < layers; layer++)
    shapes.push([`L_level.layers.${layer}.mlp.down_proj.weight`, [D, 3]])
  return new Map(shapes.map(([name, shape]) => [name, { dtype: 'F32', shape, read: () => new Uint8Array() }]))
}

const CYCLES = { hCycles: 1, lCycles: 2 }

describe('inferConfig', () => {
  it.each<[string, Net, GivenConfig, number | undefined, { seqLen: number; prefix: number }]>([
    ['an MLP of 81 rows without an embedding', { rows: 81 }, {}, undefined, { seqLen: 81, prefix: 0 }],
    ['97 rows for Sudoku: 16 in front', { rows: 97, puzzle: D }, {}, 81, { seqLen: 81, prefix: 16 }],
    [
      '97 rows and --prefix 16',
      { rows: 97, puzzle: D },
      { puzzleEmbLen: 16 },
      undefined,
      { seqLen: 81, prefix: 16 },
    ],
    [
      '97 rows and --seq-len 81',
      { rows: 97, puzzle: D },
      { seqLen: 81 },
      undefined,
      { seqLen: 81, prefix: 16 },
    ],
    [
      'prefix 0: as many rows as the width needs',
      { rows: 83, puzzle: 2 * D },
      { puzzleEmbLen: 0 },
      undefined,
      { seqLen: 81, prefix: 2 },
    ],
    [
      'attention, both given',
      { mix: 'attention', puzzle: D },
      { seqLen: 81, puzzleEmbLen: 1 },
      undefined,
      { seqLen: 81, prefix: 1 },
    ],
    [
      'learned positions show the rows',
      { mix: 'attention', rows: 82, puzzle: D },
      {},
      81,
      { seqLen: 81, prefix: 1 },
    ],
  ])('%s', (_, net, given, cells, wanted) => {
    const attention =
      net.mix === 'attention' ? { numHeads: 2, positions: net.rows ? undefined : ('rope' as const) } : {}
    expect(inferConfig(weights(net), { ...CYCLES, ...attention, ...given }, cells)).toMatchObject(wanted)
  })

  it.each<[string, Net, GivenConfig, string[]]>([
    ['97 rows, embedding and nothing else', { rows: 97, puzzle: D }, {}, ['seq_len']],
    ['attention without positions', { mix: 'attention' }, {}, ['num_heads', 'pos_encodings', 'seq_len']],
    [
      'attention with an embedding',
      { mix: 'attention', puzzle: D },
      { numHeads: 2, positions: 'rope', seqLen: 81 },
      ['puzzle_emb_len'],
    ],
  ])('asks for no more than it must: %s', (_, net, given, fields) => {
    try {
      inferConfig(weights(net), { ...CYCLES, ...given })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(MissingConfigError)
      expect((error as MissingConfigError).missing.map(({ field }) => field)).toEqual(fields)
    }
  })

  it('counts layers by their highest number', () => {
    expect(inferConfig(weights({ rows: 81, layers: 3 }), CYCLES).layers).toBe(3)
  })

  it.each<[string, Net, GivenConfig, string]>([
    [
      'rows that do not add up',
      { rows: 97, puzzle: D },
      { seqLen: 80, puzzleEmbLen: 16 },
      'is 96, the weights have 97 rows',
    ],
    [
      'a prefix too short for the embedding',
      { rows: 82, puzzle: 2 * D },
      { puzzleEmbLen: 1 },
      "can't hold the puzzle embedding",
    ],
    [
      'heads that do not divide',
      { mix: 'attention', rows: 81 },
      { numHeads: 3 },
      'does not divide hidden_size 8',
    ],
    [
      'RoPE on odd heads',
      { mix: 'attention' },
      { numHeads: 8, positions: 'rope', seqLen: 4 },
      'odd head width of 1',
    ],
    [
      'learned positions that are not there',
      { mix: 'attention' },
      { numHeads: 2, positions: 'learned', seqLen: 4 },
      'there is no embed_pos',
    ],
    [
      'other positions than the weights',
      { mix: 'attention', rows: 81 },
      { numHeads: 2, positions: 'rope' },
      'pos_encodings is given as rope',
    ],
  ])('refuses %s', (_, net, given, message) => {
    expect(() => inferConfig(weights(net), { ...CYCLES, ...given })).toThrow(message)
  })
})
