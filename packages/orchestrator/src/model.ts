/** A model file as engines and solvers take it: read, and held against the kind that it is for. */
import {
  type Model,
  ModelFormatError,
  readConfig,
  readModel,
  type TrmConfig,
  trimModel,
} from '@ptrm/core-wasm'
import { type AnyKind, kinds, tokenFaults } from '@ptrm/puzzles'

/**
 * Reads a model, and refuses one that can't read its kind's boards or might answer with what is no answer of it. A file
 * that does not say its answer tokens, but has the kind's vocabulary, has the kind's. A model of a kind that is not ours
 * is let through: nothing here can solve with it, but its weights are as good as any. Throws `ModelFormatError`.
 */
export function openModel(bytes: Uint8Array): Model {
  const config = fittingConfig(bytes)
  return { ...readModel(bytes), config }
}

/** `openModel`, and of its file what rollouts read: all that workers need. */
export function openTrimmed(bytes: Uint8Array): { readonly model: Model; readonly bytes: Uint8Array } {
  const config = fittingConfig(bytes)
  const trimmed = trimModel(bytes)
  return { bytes: trimmed, model: { ...readModel(trimmed), config } }
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
