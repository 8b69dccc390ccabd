/** `ptrm export`: a model as an ONNX file, or as weights for PyTorch. */

import { isSamePlace, writeChunks, writeFile } from '@ptrm/eval/files'
import type { Model } from '@ptrm/orchestrator'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { refuseOverwrite, UsageError } from '../input.ts'
import { stepsOption } from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { tell } from '../run/output.ts'
import { modelOfSize } from '../sized-model.ts'

interface ExportFlags {
  readonly onnx?: string
  readonly steps?: number
  readonly fp16?: boolean
  readonly safetensors?: string
  readonly prefix?: string
  readonly tokenOffset?: number
  readonly size?: { readonly rows: number; readonly cols: number }
}

const HELP = `
Examples:
  ptrm export sudoku --onnx sudoku.onnx                  one deep recursion step a run
  ptrm export sudoku --onnx sudoku-8.onnx --steps 8      eight, with noise for each
  ptrm export sudoku --safetensors weights.safetensors   the official code's tensor names
  ptrm export tapa --onnx tapa.onnx --size 12x15         for boards of 12 rows and 15 columns

Inputs and outputs of the graph: https://github.com/ptrm-solver/ptrm/blob/main/docs/onnx.md
In PyTorch: model.load_state_dict(safetensors.torch.load_file(FILE)).
`

export const command: Command = declare({
  name: 'export',
  description: 'write a model as an ONNX file for onnxruntime, or as weights for PyTorch',
  arguments: [new Argument('<model>', 'bundled model, kind, or safetensors file')],
  options: [
    option('--onnx <file>', 'write a graph; the batch size stays open'),
    stepsOption('D deep recursion steps in one run, with noise for each (default: one step)'),
    option('--fp16', 'matrix products and weights of the graph in half precision'),
    option('--safetensors <file>', "write the weights, under the official code's names"),
    option('--prefix <text>', 'what stands in front of those names (default: _orig_mod.model.inner.)'),
    option(
      '--token-offset <N>',
      "rows of zeros in front of the vocabulary: ptrm's token 0 becomes N",
      parse.whole,
    ),
    option(
      '--size <RxC>',
      'rows and columns of the boards that it is for, where the model takes several (default: 10x10)',
      parse.size,
    ),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage' },
  action: exportModel,
})

/** Writes what is asked for and says what went in. Throws `UsageError`, `ModelFormatError`, `NoPlainTrmError`. */
async function exportModel(name: string, flags: ExportFlags): Promise<number> {
  if (flags.onnx === undefined && flags.safetensors === undefined)
    throw new UsageError('say what to write: --onnx FILE or --safetensors FILE')
  if (flags.onnx === undefined && (flags.steps !== undefined || flags.fp16))
    throw new UsageError('--steps and --fp16 are for --onnx FILE')
  if (flags.safetensors === undefined && (flags.prefix !== undefined || flags.tokenOffset !== undefined))
    throw new UsageError('--prefix and --token-offset are for --safetensors FILE')
  const { onnx, safetensors } = flags
  if (onnx !== undefined && safetensors !== undefined && isSamePlace(onnx, safetensors))
    throw new UsageError(`--onnx ${onnx} and --safetensors ${safetensors} are one file: give two`)
  refuseOverwrite('--onnx', onnx, name)
  refuseOverwrite('--safetensors', safetensors, name)
  const { loadModel } = await import('@ptrm/orchestrator')
  const { model } = await loadModel(name)
  const sized = await modelOfSize(model, flags.size) // once, for both files
  // Weights first: a model that is no plain TRM has none for PyTorch, and is refused before anything is written.
  if (flags.safetensors !== undefined) await writeWeights(sized, flags.safetensors, flags)
  if (flags.onnx !== undefined) await writeOnnx(sized, flags.onnx, flags)
  return 0
}

// Only this command needs the writers, so they are loaded here.

async function writeOnnx(model: Model, file: string, { steps, fp16 }: ExportFlags): Promise<void> {
  const { exportOnnx } = await import('@ptrm/checkpoints')
  const bytes = exportOnnx(model, { steps, fp16 })
  writeFile(file, bytes)
  const what = steps === undefined ? 'one deep recursion step' : `${steps} deep recursion steps`
  const board = boardsOf(model)
  await tell(`wrote ${file}: ${what}${fp16 ? ', half precision' : ''}, for ${board}, ${bytes.length} bytes\n`)
}

async function writeWeights(model: Model, file: string, { prefix, tokenOffset }: ExportFlags): Promise<void> {
  const { OFFICIAL_PREFIX, toPyTorch } = await import('@ptrm/checkpoints')
  const size = writeChunks(file, toPyTorch(model, { prefix, tokenOffset }))
  const names = `${model.tensors.size} tensors ${prefix ?? OFFICIAL_PREFIX}*`
  await tell(`wrote ${file}: ${names}, f32, for ${boardsOf(model)}, ${size} bytes\n`)
}

/** The boards that a model of one size takes: whoever fed it others would get wrong answers, and no error. */
function boardsOf({ config: { leastBoard, seqLen } }: Model): string {
  return leastBoard ? `boards of ${leastBoard.rows}x${leastBoard.columns}` : `boards of ${seqLen} cells`
}
