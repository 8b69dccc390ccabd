/** Finds the TRM in whatever a checkpoint wraps it in: nested dicts, compile and data-parallel prefixes, EMA beside the model. */
import { CheckpointError } from './errors.ts'
import type { PickleValue } from './pickle.ts'
import { TorchTensor } from './torch.ts'
import type { Weight } from './weight.ts'

/** Tensors of a checkpoint by name, as they lie in the file. */
export type Weights = ReadonlyMap<string, Weight>

/** A TRM inside a checkpoint. */
export interface FoundTrm {
  /** What stood in front of the official names, dots and nested keys alike: `_orig_mod.model.inner.`. */
  readonly entry: string
  /** By official name, without `entry` and without what wrappers of single modules add. */
  readonly weights: Weights
  /** Names of all other tensors of the checkpoint, as they stand there. */
  readonly beside: readonly string[]
}

/** Every TRM has it, under this name. */
const ANCHOR = ['embed_tokens', 'embedding_weight'] as const
/** What a wrapper around a module adds to its tensors' names: torch.compile, data parallel, FSDP, checkpointed activations. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '_orig_mod',
  'module',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
])
const MAX_DEPTH = 8
const MAX_ITEMS = 200_000
const MAX_NAME = 1_000

/** All tensors of nested dicts, named by their keys joined with dots. Throws `CheckpointError`. */
export function flatten(root: PickleValue): Map<string, Weight> {
  const found = new Map<string, Weight>()
  let items = 0
  const visit = (value: PickleValue, name: string, depth: number): void => {
    if (value instanceof TorchTensor) {
      if (found.has(name))
        throw new CheckpointError('ambiguous', `two tensors of the checkpoint come to the name ${name}`)
      found.set(name, value)
    }
    if (!(value instanceof Map)) return
    // Dicts may hold themselves, or one another many times: both bounds are needed.
    if (depth > MAX_DEPTH)
      throw new CheckpointError('too-large', `more than ${MAX_DEPTH} dicts nested at ${name}`)
    for (const [key, item] of value) {
      if (++items > MAX_ITEMS)
        throw new CheckpointError('too-large', `more than ${MAX_ITEMS} items in the checkpoint`)
      if (typeof key !== 'string') continue
      if (name.length + key.length > MAX_NAME)
        throw new CheckpointError('too-large', `a name of more than ${MAX_NAME} characters`)
      visit(item, name === '' ? key : `${name}.${key}`, depth + 1)
    }
  }
  visit(root, '', 0)
  return found
}

/** The one TRM among the tensors, or the one that `entry` names. Throws `CheckpointError`. */
export function findTrm(all: Weights, entry?: string): FoundTrm {
  const entries = [...new Set([...all.keys()].map(entryOf).filter((found) => found !== undefined))]
  if (entries.length === 0)
    throw new CheckpointError(
      'no-model',
      `no TRM found: no tensor's name ends with ${ANCHOR.join('.')}. ${all.size} tensors${examples(all)}`,
    )
  const wanted = entry === undefined ? entries : entriesNamed(entries, entry)
  if (wanted.length === 1) return under(all, wanted[0]!, entries)
  const list = entries.map((found) => `  --entry ${found.replace(/\.$/, '') || '.'}`).join('\n')
  if (wanted.length > 1)
    throw new CheckpointError('ambiguous', `the checkpoint holds ${wanted.length} TRMs; say which:\n${list}`)
  throw new CheckpointError('no-model', `no TRM under --entry ${entry}; there are:\n${list}`)
}

/** What stands in front of the anchor's name, with the last dot; undefined for every other tensor. */
function entryOf(name: string): string | undefined {
  const parts = name.split('.')
  if (parts.at(-1) !== ANCHOR[1]) return undefined
  const at = parts.slice(0, -1).findLastIndex((part) => !WRAPPERS.has(part))
  if (parts[at] !== ANCHOR[0]) return undefined
  return parts
    .slice(0, at)
    .map((part) => `${part}.`)
    .join('')
}

/**
 * The one of exactly this name, with or without its last dot; else all below it, so that the outermost key alone names one:
 * `ema` for `ema._orig_mod.model.inner.`.
 */
function entriesNamed(entries: readonly string[], entry: string): readonly string[] {
  if (entry === '.') return entries.filter((found) => found === '')
  const front = entry.endsWith('.') ? entry : `${entry}.`
  // First, as models may lie inside one another: `model.` and `model.ema.`.
  return entries.includes(front) ? [front] : entries.filter((found) => found.startsWith(front))
}

/** The TRM of an entry; those of entries inside it lie beside it. */
function under(all: Weights, entry: string, entries: readonly string[]): FoundTrm {
  const inside = entries.filter((other) => other !== entry && other.startsWith(entry))
  const isHere = (name: string) => name.startsWith(entry) && !inside.some((other) => name.startsWith(other))
  const weights = new Map<string, Weight>()
  const beside: string[] = []
  for (const [name, weight] of all) {
    if (!isHere(name)) {
      beside.push(name)
      continue
    }
    const official = withoutWrappers(name.slice(entry.length))
    if (weights.has(official))
      throw new CheckpointError('ambiguous', `two tensors of the checkpoint come to the name ${official}`)
    weights.set(official, weight)
  }
  return { entry, weights, beside }
}

function withoutWrappers(name: string): string {
  return name
    .split('.')
    .filter((part) => !WRAPPERS.has(part))
    .join('.')
}

function examples(all: Weights): string {
  const names = [...all.keys()].slice(0, 3)
  return names.length > 0 ? `, such as ${names.map((name) => name.slice(0, 80)).join(', ')}` : ''
}
