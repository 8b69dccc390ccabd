/** Free weights written out for boards of one size, for what knows plain TRMs alone. */
import type { Model } from '@ptrm/orchestrator'
import { UsageError } from './input.ts'

/** `size`: as `--size` says it; default 10x10, or the model's only one. Throws `UsageError` where the model does not take it. */
export async function plainTrm(
  model: Model,
  size?: { readonly rows: number; readonly cols: number },
): Promise<Model> {
  // Loaded where it is needed alone.
  const { writtenOut } = await import('@ptrm/checkpoints')
  try {
    return writtenOut(model, size && { rows: size.rows, columns: size.cols })
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--size: ${error.message}`)
    throw error
  }
}
