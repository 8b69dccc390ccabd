/** The tokens that a kind's boards and answers are written in, and what keeps a model's tokens from being these. */

/** The tokens of a kind. */
export interface Vocabulary {
  /** How many there are, counted from 0: boards and answers hold no token of `size` or more. */
  readonly size: number
  /** Those that an answer is made of, rising. 0 is none of them: it says that nothing stands in a cell. */
  readonly answers: readonly number[]
  /** Vocabularies that other people's models of the kind have, told from ours by their size. */
  readonly others?: readonly OtherVocabulary[] | undefined
}

/** A vocabulary with tokens in front of those of the kind. */
export interface OtherVocabulary {
  readonly size: number
  /** Its token for the kind's token 0. */
  readonly offset: number
}

/** What a model reads and writes. */
export interface ModelTokens {
  /** Board length L; undefined where a board may have any size. */
  readonly seqLen: number | undefined
  readonly vocabSize: number
  /** Those that its answers are made of. */
  readonly answerTokens: readonly number[]
}

/**
 * Everything that keeps a model from reading the boards and writing the answers of a kind; empty = it fits. A model
 * may know more tokens than the kind has, but must not answer with them.
 */
export function tokenFaults(
  { name, cells, vocabulary }: { readonly name: string; readonly cells: number; vocabulary: Vocabulary },
  { seqLen, vocabSize, answerTokens }: ModelTokens,
): string[] {
  const { size, answers } = vocabulary
  const faults: string[] = []
  if (seqLen !== undefined && seqLen !== cells)
    faults.push(`the model reads ${seqLen} cells, a ${name} board has ${cells}`)
  if (vocabSize < size) faults.push(`the model knows ${vocabSize} tokens, ${name} has ${size}`)
  const foreign = answerTokens.filter((token) => !answers.includes(token))
  if (foreign.length > 0)
    faults.push(
      `answer_tokens holds ${foreign.join(', ')}; answers of ${name} are made of ${answers.join(', ')}`,
    )
  if (answerTokens.length === 0) faults.push('answer_tokens is empty: the model can answer nothing')
  return faults
}
