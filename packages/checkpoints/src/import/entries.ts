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
  /** By official name, without `entry`. */
  readonly weights: Weights
}

/** Every TRM has it, under this name. */
const ANCHOR = 'embed_tokens.embedding_weight'
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
  const entries = [...all.keys()].filter(isAnchor).map((name) => name.slice(0, -ANCHOR.length))
  if (entries.length === 0)
    throw new CheckpointError(
      'no-model',
      `no TRM found: no tensor's name ends with ${ANCHOR}. ${all.size} tensors${examples(all)}`,
    )
  const wanted = entry === undefined ? entries : entries.filter((found) => sameEntry(found, entry))
  if (wanted.length === 1) return { entry: wanted[0]!, weights: under(all, wanted[0]!) }
  const list = entries.map((found) => `  --entry ${found.replace(/\.$/, '') || '.'}`).join('\n')
  if (wanted.length > 1)
    throw new CheckpointError('ambiguous', `the checkpoint holds ${wanted.length} TRMs; say which:\n${list}`)
  throw new CheckpointError('no-model', `no TRM under --entry ${entry}; there are:\n${list}`)
}

function isAnchor(name: string): boolean {
  return name === ANCHOR || name.endsWith(`.${ANCHOR}`)
}

/** Also by its outermost key alone: `ema` for `ema._orig_mod.model.inner.`. */
function sameEntry(found: string, entry: string): boolean {
  const bare = found.replace(/\.$/, '')
  return entry === '.' ? bare === '' : bare === entry || bare.startsWith(`${entry}.`)
}

function under(all: Weights, entry: string): Weights {
  const weights = new Map<string, Weight>()
  for (const [name, weight] of all) if (name.startsWith(entry)) weights.set(name.slice(entry.length), weight)
  return weights
}

function examples(all: Weights): string {
  const names = [...all.keys()].slice(0, 3)
  return names.length > 0 ? `, such as ${names.map((name) => name.slice(0, 80)).join(', ')}` : ''
}
