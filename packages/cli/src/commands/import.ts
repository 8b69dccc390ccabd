/** `ptrm import`: a checkpoint from PyTorch as a model file. */
import type { GivenConfig, Imported } from '@ptrm/checkpoints'
import { FileError, readBytes, writeChunks } from '@ptrm/eval/files'
import type { NoiseTarget } from '@ptrm/orchestrator'
import { POSITIONS } from '@ptrm/orchestrator/choices'
import { kinds } from '@ptrm/puzzles'
import { Argument, type Command } from 'commander'
import { declare, option } from '../declare.ts'
import { refuseOverwrite } from '../input.ts'
import { listed, noiseTargetOption, rolloutsOption, stepsOption } from '../options/groups.ts'
import * as parse from '../options/parse.ts'
import { tell } from '../run/output.ts'

interface ImportFlags {
  readonly output: string
  readonly config?: string
  readonly kind?: string
  readonly entry?: string
  readonly heads?: number
  readonly hCycles?: number
  readonly lCycles?: number
  readonly positions?: (typeof POSITIONS)[number]
  readonly seqLen?: number
  readonly prefix?: number
  readonly tokenOffset?: number
  readonly steps?: number
  readonly rollouts?: number
  readonly sigma?: number
  readonly noiseTarget?: NoiseTarget
}

const HELP = `
Examples:
  ptrm import step_50000 --config all_config.yaml --kind sudoku -o sudoku.safetensors
  ptrm import model.pt --kind sudoku --h-cycles 3 --l-cycles 6 -o sudoku.safetensors
  ptrm solve puzzles.txt --model sudoku.safetensors

Reads torch.save files (torch >= 1.6) and safetensors, f64, f32, f16 and bf16, and keeps the type. Runs nothing of
the checkpoint's. What shapes don't tell comes from flags, then from --config; the error lists all that is missing.
A network that is no TRM is refused by the names of its tensors.
`

export const command: Command = declare({
  name: 'import',
  description: 'turn a PyTorch or safetensors checkpoint of a TRM into a model file',
  arguments: [new Argument('<checkpoint>', 'torch.save or safetensors file')],
  options: [
    option('-o, --output <file>', 'the model file to write').makeOptionMandatory(),
    option('--config <file>', "JSON, or the run's all_config.yaml or config.yaml of W&B"),
    option('--kind <name>', `the puzzle kind that it was trained for: ${listed(kinds.keys())}`, parse.kind),
    option('--entry <name>', 'which model, where the checkpoint holds several: model, ema, ...'),
    option('--heads <N>', 'attention heads', parse.count),
    option('--h-cycles <N>', 'H_cycles', parse.count),
    option('--l-cycles <N>', 'L_cycles', parse.count),
    option('--positions <name>', listed(POSITIONS), parse.positions),
    option('--seq-len <N>', 'board length in tokens', parse.count),
    option('--prefix <N>', 'rows in front of the board that hold the puzzle embedding', parse.whole),
    option('--token-offset <N>', "the checkpoint's token for ptrm's token 0", parse.whole),
    stepsOption('steps to recommend (default: halt_max_steps)'),
    rolloutsOption('rollouts to recommend'),
    option('--sigma <s>', 'noise to recommend', parse.singleSigma),
    noiseTargetOption({ after: ', to recommend' }),
  ],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage' },
  action: importModel,
})

/** Reads, checks, writes; says what went in. Throws `UsageError` or the importer's named errors; then writes nothing. */
async function importModel(file: string, flags: ImportFlags): Promise<number> {
  refuseOverwrite('-o', flags.output, file, flags.config)
  // Only this command needs the readers.
  const { importCheckpoint, readConfigFile } = await import('@ptrm/checkpoints')
  const config = flags.config === undefined ? {} : readConfigFile(readBytes(flags.config), flags.config)
  const checkpoint = readBytes(file)
  const { entry, tokenOffset } = flags
  try {
    const imported = importCheckpoint(checkpoint, { given: mergeFlags(config, flags), entry, tokenOffset })
    const bytes = writeChunks(flags.output, imported.chunks())
    await tell(summary(flags.output, imported, bytes))
    return 0
  } catch (error) {
    // The importer knows bytes only; what is wrong with the output names it.
    if (error instanceof Error && !(error instanceof FileError)) error.message = `${file}: ${error.message}`
    throw error
  }
}

/** Flags win over the config file, in the plan value by value. */
function mergeFlags(config: GivenConfig, flags: ImportFlags): GivenConfig {
  const { rollouts, steps, sigma, noiseTarget } = flags
  const plan = Object.entries({ rollouts, steps, sigma, noiseTarget }).filter(
    ([, value]) => value !== undefined,
  )
  return {
    ...config,
    kind: flags.kind ?? config.kind,
    numHeads: flags.heads ?? config.numHeads,
    hCycles: flags.hCycles ?? config.hCycles,
    lCycles: flags.lCycles ?? config.lCycles,
    positions: flags.positions ?? config.positions,
    seqLen: flags.seqLen ?? config.seqLen,
    puzzleEmbLen: flags.prefix ?? config.puzzleEmbLen,
    recommended: { ...config.recommended, ...Object.fromEntries(plan) },
  }
}

function summary(
  output: string,
  { kind, config, entry, tokenOffset, dtypes, leftOut }: Imported,
  bytes: number,
): string {
  const { hiddenSize, layers, vocabSize, seqLen, prefix, mlpT, numHeads, positions, hCycles, lCycles } =
    config
  const mix = mlpT ? 'MLP over the sequence' : `attention, ${numHeads} heads, positions ${positions}`
  const types = [...dtypes].map(([dtype, count]) => `${count} ${dtype}`).join(', ')
  const lines = [
    `wrote ${output}: ${bytes} bytes, tensors: ${types}${entry ? `, from ${entry}*` : ''}`,
    `  ${kind}: L=${seqLen}, vocab ${vocabSize}, prefix ${prefix}, d=${hiddenSize}, ${layers} layers, ${mix}, H_cycles ${hCycles}, L_cycles ${lCycles}`,
  ]
  if (tokenOffset > 0)
    lines.push(
      `  tokens: the checkpoint's ${tokenOffset} is ptrm's 0; those below are left out (--token-offset 0 keeps them)`,
    )
  if (leftOut.length > 0) {
    const more = leftOut.length > 5 ? `, ... (${leftOut.length} in all)` : ''
    lines.push(`  left out, as the model does not use them: ${leftOut.slice(0, 5).join(', ')}${more}`)
  }
  return `${lines.join('\n')}\n`
}
