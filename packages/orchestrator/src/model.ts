/** A model file as engines and solvers take it: read, and held against the kind that it is for. */
import { type Model, ModelFormatError, readModel, type TrmConfig } from '@ptrm/core-wasm'
import { type AnyKind, kinds, tokenFaults } from '@ptrm/puzzles'

/**
 * Reads a model, and refuses one that can't read its kind's boards or might answer with what is no answer of it. A file
 * that does not say its answer tokens, but has the kind's vocabulary, has the kind's. A model of a kind that is not ours
 * is let through: nothing here can solve with it, but its weights are as good as any. Throws `ModelFormatError`.
 */
export function openModel(bytes: Uint8Array): Model {
  const model = readModel(bytes)
  const kind = kinds.get(model.kind)
  if (!kind) return model
  const answerTokens = answerTokensOf(model.config, kind)
  const config = { ...model.config, answerTokens }
  const faults = tokenFaults(kind, config)
  if (faults.length > 0)
    throw new ModelFormatError('config', `the model does not fit its kind: ${faults.join('; ')}`)
  return { ...model, config }
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
