/** A model file as engines and solvers take it: read, and held against the kind that it is for. */
import {
  listModel,
  type Model,
  ModelFormatError,
  type ModelListing,
  readConfig,
  readModel,
  type TrmConfig,
  trimModel,
} from '@ptrm/core-wasm'
import { type AnyKind, kinds, tokenFaults } from '@ptrm/puzzles'

/**
 * Opens a model, and refuses one that can't read its kind's boards or might answer with what is no answer of it. A file
 * that does not say its answer tokens, but has the kind's vocabulary, has the kind's. A model of a kind that is not ours
 * is let through: nothing here can solve with it, but its weights are as good as any. Its weights are read when they are
 * first asked for. Throws `ModelFormatError`.
 */
export function openModel(bytes: Uint8Array): Model {
  return opened(bytes, fittingConfig(bytes)).model
}

/** A model by all but its weights. */
export type ModelOutline = Omit<ModelListing, 'entries'> & { readonly tensors: ModelListing['entries'] }

/** A model file, opened by whoever starts workers for it: they read its weights, here no one need. */
export interface OpenedModel {
  /** For what weighs a model by its sizes. */
  readonly outline: ModelOutline
  readonly model: Model
  /** Of its file what rollouts read: all that workers need. */
  readonly bytes: Uint8Array
}

/** As `openModel`, with all that workers and `auto` need of it. Throws `ModelFormatError`. */
export function openTrimmed(file: Uint8Array): OpenedModel {
  const config = fittingConfig(file)
  return opened(trimModel(file), config)
}

function opened(bytes: Uint8Array, config: TrmConfig): OpenedModel {
  const { entries, ...listed } = listModel(bytes)
  let tensors: Model['tensors'] | undefined
  const model = {
    ...listed,
    config,
    get tensors() {
      tensors ??= readModel(bytes).tensors
      return tensors
    },
  }
  return { outline: { ...listed, config, tensors: entries }, model, bytes }
}

/** Looks at no tensor: what a model is for says more than which of its shapes does not fit. */
function fittingConfig(bytes: Uint8Array): TrmConfig {
  const model = readConfig(bytes)
  const kind = kinds.get(model.kind)
  if (!kind) return model.config
  const answerTokens = answerTokensOf(model.config, kind)
  const config = { ...model.config, answerTokens }
  const faults = tokenFaults(kind, config)
  if (faults.length > 0)
    throw new ModelFormatError('config', `the model does not fit its kind: ${faults.join('; ')}`)
  return config
}

function answerTokensOf({ answerTokens, vocabSize }: TrmConfig, kind: AnyKind): readonly number[] {
  const { size, answers } = kind.vocabulary
  if (answerTokens.length > 0) return answerTokens
  if (vocabSize === size) return answers
  throw new ModelFormatError(
    'config',
    `config field answer_tokens: the model has ${vocabSize} tokens, ${kind.name} has ${size}, and nothing says which of them are answers; import it again with --token-offset`,
    { tensor: 'answer_tokens' },
  )
}
