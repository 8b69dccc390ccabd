/** Reads parity cases from a folder: a config, weights, and what the reference computed for them. Node only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointTensors, inferConfig, readCheckpoint, readConfigFile } from '@ptrm/checkpoints'
import {
  fixedLength,
  readSafetensors,
  rowsOf,
  type Tensor,
  type Tensors,
  type TrmConfig,
} from '@ptrm/core-wasm'

/** Which latent gets the noise, as the PyTorch code names it. */
export type ParityNoise = 'none' | 'z_L' | 'z_H'

/** A network, and what the reference computed with it. */
export interface ParityCase {
  /** The weights' file name. */
  readonly name: string
  readonly config: TrmConfig
  readonly weights: Tensors
  /** Deep recursion steps D of the reference. */
  readonly steps: number
  /** What `noise` is multiplied by. */
  readonly sigma: number
  /** Puzzles B in the batch. */
  readonly batch: number
  /** The noise cases that the reference was run for. */
  readonly noises: readonly ParityNoise[]
  /**
   * `inputs` [B, L], `puzzle_identifiers` [B], `noise` [D, B, T, d] (standard normal), and for each noise case
   * `<noise>.logits` [D, B, L, V], `<noise>.q` [D, B, 2], `<noise>.z_H` and `.z_L` [B, T, d] after the last step.
   */
  readonly expected: Tensors
  /** The reference's latents in front of steps 1 to D-1: `<noise>.z_H_before`, `.z_L_before` [D-1, B, T, d]. */
  readonly states: Tensors | undefined
}

/** A folder or file that is no parity case; the message says what is missing. */
export class ParityCaseError extends Error {
  override readonly name = 'ParityCaseError'
}

const EXPECTED = '.expected.safetensors'
const NOISES: readonly ParityNoise[] = ['none', 'z_L', 'z_H']

/**
 * Every case of a folder by name: NAME.config.json, NAME.expected.safetensors, optionally NAME.states.safetensors, and
 * NAME.pt or NAME.safetensors (both: two cases). Throws `ParityCaseError` or the importer's errors.
 */
export function readParityCases(folder: string): ParityCase[] {
  const files = new Set(list(folder))
  const names = [...files]
    .filter((file) => file.endsWith(EXPECTED))
    .map((file) => file.slice(0, -EXPECTED.length))
  if (names.length === 0) throw new ParityCaseError(`${folder}: no case (NAME${EXPECTED}) in it`)
  return names.toSorted().flatMap((name) => {
    const weights = [`${name}.pt`, `${name}.safetensors`].filter((file) => files.has(file))
    if (weights.length === 0 || !files.has(`${name}.config.json`))
      throw new ParityCaseError(
        `${folder}: ${name}${EXPECTED} needs ${name}.config.json and ${name}.pt or ${name}.safetensors beside it`,
      )
    const hasStates = files.has(`${name}.states.safetensors`)
    return weights.map((file) => readCase(folder, name, file, hasStates))
  })
}

function readCase(folder: string, name: string, file: string, hasStates: boolean): ParityCase {
  const load = (end: string) => readFileSync(join(folder, end))
  const tensorsOf = (end: string) => naming(end, () => readSafetensors(load(end)).tensors)
  const configBytes = load(`${name}.config.json`)
  const { weights } = naming(file, () => readCheckpoint(load(file)))
  const config = inferConfig(weights, readConfigFile(configBytes, `${name}.config.json`))
  const { steps, sigma } = naming(`${name}.config.json`, () => readRun(configBytes, name))
  const expected = tensorsOf(`${name}${EXPECTED}`)
  const states = hasStates ? tensorsOf(`${name}.states.safetensors`) : undefined
  const batch = expected.get('inputs')?.shape[0] ?? 0
  const noises = NOISES.filter((noise) => expected.has(`${noise}.logits`))
  const found: ParityCase = {
    name: file,
    config,
    weights: checkpointTensors(config, weights),
    steps,
    sigma,
    batch,
    noises,
    expected,
    states,
  }
  checkExpected(found, name)
  return found
}

/** Does `work`; whatever it throws then names the file of the case, of which readers know the bytes alone. */
function naming<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ParityCaseError)) (error as Error).message = `${file}: ${(error as Error).message}`
    throw error
  }
}

function readRun(config: Uint8Array, name: string): { steps: number; sigma: number } {
  const { steps, sigma } = JSON.parse(new TextDecoder().decode(config)) as Record<string, unknown>
  if (Number.isInteger(steps) && (steps as number) > 0 && typeof sigma === 'number' && sigma >= 0)
    return { steps: steps as number, sigma }
  throw new ParityCaseError(
    `${name}.config.json lacks steps (at least 1) or sigma (at least 0) of the reference run`,
  )
}

function checkExpected({ config, steps, batch, noises, expected, states }: ParityCase, name: string): void {
  const cells = fixedLength(config)
  const rows = [rowsOf(config), config.hiddenSize]
  const wanted: [Tensors, string, readonly number[]][] = [
    [expected, 'inputs', [batch, cells]],
    [expected, 'puzzle_identifiers', [batch]],
  ]
  for (const noise of noises) {
    wanted.push([expected, `${noise}.logits`, [steps, batch, cells, config.vocabSize]])
    wanted.push([expected, `${noise}.q`, [steps, batch, 2]])
    for (const latent of ['z_H', 'z_L']) wanted.push([expected, `${noise}.${latent}`, [batch, ...rows]])
    if (noise !== 'none') wanted.push([expected, 'noise', [steps, batch, ...rows]])
    for (const latent of states ? ['z_H', 'z_L'] : [])
      wanted.push([states!, `${noise}.${latent}_before`, [steps - 1, batch, ...rows]])
  }
  if (batch < 1 || noises.length === 0)
    throw new ParityCaseError(`${name}${EXPECTED} lacks inputs, or logits of any of ${NOISES.join(', ')}`)
  for (const [tensors, key, shape] of wanted) {
    const found = tensors.get(key)?.shape
    if (found?.join() !== shape.join())
      throw new ParityCaseError(
        `${name}: reference tensor ${key} ${found ? `has shape [${found}]` : 'is missing'}, wanted [${shape}]`,
      )
  }
  checkTokens(expected, config.vocabSize, name)
}

/** Throws `ParityCaseError` for inputs that are no tokens: as bytes they would be others, and the case might agree. */
function checkTokens(expected: Tensors, vocabSize: number, name: string): void {
  const { data } = expected.get('inputs')!
  const wrong = data.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabSize))
  if (wrong !== undefined)
    throw new ParityCaseError(
      `${name}: reference tensor inputs holds ${wrong}, wanted tokens from 0 to ${vocabSize - 1}`,
    )
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    throw new ParityCaseError(`can't read the folder ${folder}: ${(cause as Error).message}`, { cause })
  }
}

/** Entry `index` of a tensor's first axis (or first two): a view. */
export function slice({ shape, data }: Tensor, ...index: number[]): Float32Array {
  let size = data.length
  let at = 0
  for (const [axis, i] of index.entries()) {
    size /= shape[axis]!
    at += i * size
  }
  return data.subarray(at, at + size)
}
