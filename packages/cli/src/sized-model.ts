/** Models for boards of one size, for what needs their shapes: ONNX graphs, PyTorch, a plan for a GPU. */
import type { Model } from '@ptrm/orchestrator'
import { UsageError } from './input.ts'

/** `size`: as `--size` says it; default 10x10, or the model's only one. Throws `UsageError` where the model does not take it. */
export async function modelOfSize(
  model: Model,
  size?: { readonly rows: number; readonly cols: number },
): Promise<Model> {
  // Loaded where it is needed alone.
  const { sizedModel } = await import('@ptrm/checkpoints')
  try {
    return sizedModel(model, size && { rows: size.rows, columns: size.cols })
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--size: ${error.message}`)
    throw error
  }
}
