/** `ptrm export`: a model as an ONNX file, or as safetensors with the official names. */
import { writeFileSync } from 'node:fs'
import { loadModelBytes, readModel } from '@ptrm/orchestrator'
import { UsageError } from '../input.ts'

export interface ExportFlags {
  readonly onnx?: string
  readonly steps?: number
  readonly fp16?: boolean
}

/** Writes the file and says what went in. Throws `UsageError` or `ModelFormatError`. */
export async function exportModel(name: string, { onnx, steps, fp16 }: ExportFlags): Promise<number> {
  if (onnx === undefined) throw new UsageError('say where to write to: --onnx FILE')
  const model = readModel(await loadModelBytes(name))
  // Only this command needs the ONNX writer.
  const { exportOnnx } = await import('@ptrm/orchestrator/onnx')
  const bytes = exportOnnx(model, { steps, fp16 })
  try {
    writeFileSync(onnx, bytes)
  } catch (cause) {
    throw new UsageError(`can't write ${onnx}: ${(cause as Error).message}`, { cause })
  }
  const what = steps === undefined ? 'one deep recursion step' : `${steps} deep recursion steps`
  process.stderr.write(`wrote ${onnx}: ${what}${fp16 ? ', half precision' : ''}, ${bytes.length} bytes\n`)
  return 0
}
