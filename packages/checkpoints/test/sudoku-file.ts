/** A checkpoint that a kind fits: a whole tiny Sudoku TRM, with any tensor changed, left out or added. */
import type { ImportOptions } from '../src/import/import.ts'
import { torchFile } from './torch-file.ts'

/**
 * A whole tiny Sudoku TRM, so that a kind fits: L = 81, 11 tokens as the official data has them. `claims`: shapes that the
 * pickle says, of tensors whose bytes are of another.
 */
export function sudokuFile(
  change: Record<string, readonly number[] | undefined> = {},
  value = 0.25,
  claims: Record<string, readonly number[]> = {},
): Uint8Array {
  const [d, inner, tokenInner, rows] = [4, 6, 3, 83]
  const shapes: Record<string, readonly number[] | undefined> = {
    H_init: [d],
    L_init: [d],
    'embed_tokens.embedding_weight': [11, d],
    'puzzle_emb.weights': [1, 2 * d],
    'lm_head.weight': [11, d],
    'q_head.weight': [2, d],
    'q_head.bias': [2],
    'L_level.layers.0.mlp_t.gate_up_proj.weight': [2 * tokenInner, rows],
    'L_level.layers.0.mlp_t.down_proj.weight': [rows, tokenInner],
    'L_level.layers.0.mlp.gate_up_proj.weight': [2 * inner, d],
    'L_level.layers.0.mlp.down_proj.weight': [d, inner],
    ...change,
  }
  const tensors = Object.entries(shapes).flatMap(([name, shape]) => {
    if (!shape) return []
    const count = shape.reduce((a, b) => a * b, 1)
    // Rows differ, so that a wrong row shows.
    const data = Float32Array.from(
      { length: count },
      (_, i) => value + Math.floor(i / (shape[1] ?? count)) / 64,
    )
    const claimed = claims[name] ?? shape
    const bytes = new Uint8Array(data.buffer)
    return [{ name, shape: claimed, bytes, count: claimed.reduce((a, b) => a * b, 1) }]
  })
  return torchFile(tensors)
}

/** What its shapes do not tell. */
export const SUDOKU: ImportOptions = { given: { kind: 'sudoku', hCycles: 3, lCycles: 6 } }
