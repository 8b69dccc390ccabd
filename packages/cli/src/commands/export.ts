/** `ptrm export`: a model as an ONNX file. */
import { loadModelBytes, readModel } from '@ptrm/orchestrator'
import { UsageError } from '../input.ts'
import { writeOutput } from '../output.ts'

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
  writeOutput(onnx, bytes)
  const what = steps === undefined ? 'one deep recursion step' : `${steps} deep recursion steps`
  process.stderr.write(`wrote ${onnx}: ${what}${fp16 ? ', half precision' : ''}, ${bytes.length} bytes\n`)
  return 0
}
