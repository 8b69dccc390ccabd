/**
 * Who says which answers are right: the solutions that the data publishes, or the rules. Every figure that rests on the
 * rules is called so wherever it is written; here are the words.
 */

export const ANSWER_JUDGES = ['solutions', 'rules'] as const

/**
 * `solutions`: those beside the puzzles; the rules are not asked. `rules`: what they accept, which is the solution where
 * a puzzle has one; puzzles that turn out to have several are left out.
 */
export type AnswerJudge = (typeof ANSWER_JUDGES)[number]

/** A run as far as it says who judged it; runs by solutions do not say. */
export interface Judged {
  readonly judge?: 'rules'
}

/** The name of a figure; with `by rules` where it rests on them. `verified` says so by itself. */
export function byJudge({ judge }: Judged, name: string): string {
  return judge === 'rules' && !name.startsWith('verified') ? `${name} by rules` : name
}

/** What is to be known of figures by the rules; nothing of those by solutions. `several`: how many puzzles are left out. */
export function judgeNote({ judge }: Judged, several = 0): string | undefined {
  if (judge !== 'rules') return undefined
  const left =
    several === 0
      ? ''
      : ` ${several === 1 ? '1 puzzle has' : `${several} puzzles have`} several solutions and ${several === 1 ? 'is' : 'are'} left out.`
  return `Judged by the rules, not by published solutions: an answer is right if they accept it, which is the solution where a puzzle has one.${left}`
}
