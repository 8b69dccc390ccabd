/** The tokens that a kind's boards and answers are written in, and what keeps a model's tokens from being these. */

import type { AnyNotation } from './notation/notation.ts'

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
  /** The board that smaller ones are padded up to. */
  readonly leastBoard?: { readonly rows: number; readonly columns: number } | undefined
  readonly vocabSize: number
  /** Those that its answers are made of. */
  readonly answerTokens: readonly number[]
}

/** What must be known of a kind to tell which models fit it. */
export interface TokensOfKind {
  readonly name: string
  readonly vocabulary: Vocabulary
  readonly notation: Pick<AnyNotation, 'size'>
}

/**
 * The one board that a model with a fixed length takes: the one that it names, or the square of its length. Undefined
 * for a model of boards of any size, and where the length is that of no such board.
 */
export function fixedBoard({
  seqLen,
  leastBoard,
}: Pick<ModelTokens, 'seqLen' | 'leastBoard'>):
  | { readonly rows: number; readonly columns: number }
  | undefined {
  if (seqLen === undefined) return undefined
  if (leastBoard && leastBoard.rows * leastBoard.columns === seqLen) return leastBoard
  const side = Math.round(Math.sqrt(seqLen))
  return side * side === seqLen ? { rows: side, columns: side } : undefined
}

/**
 * Everything that keeps a model from reading the boards and writing the answers of a kind; empty = it fits. A model
 * may know more tokens than the kind has, but must not answer with them.
 */
export function tokenFaults(kind: TokensOfKind, model: ModelTokens): string[] {
  const { name, vocabulary } = kind
  const { vocabSize, answerTokens } = model
  const { size, answers } = vocabulary
  const faults = lengthFaults(kind, model)
  if (vocabSize < size) faults.push(`the model knows ${vocabSize} tokens, ${name} has ${size}`)
  const foreign = answerTokens.filter((token) => !answers.includes(token))
  if (foreign.length > 0)
    faults.push(
      `answer_tokens holds ${foreign.join(', ')}; answers of ${name} are made of ${answers.join(', ')}`,
    )
  if (answerTokens.length === 0) faults.push('answer_tokens is empty: the model can answer nothing')
  return faults
}

function lengthFaults({ name, notation }: TokensOfKind, model: ModelTokens): string[] {
  const { seqLen } = model
  if (seqLen === undefined) return []
  const cells = notation.size && notation.size.rows * notation.size.cols
  if (cells !== undefined)
    return seqLen === cells ? [] : [`the model reads ${seqLen} cells, a ${name} board has ${cells}`]
  if (fixedBoard(model)) return []
  return [`the model reads ${seqLen} cells, which are no square board, and names no board (least_board)`]
}
