/** What the loop hands over, the stop rules count and the selectors choose among. */

/** What one rollout came to. */
export interface Candidate {
  readonly rollout: number
  /** Steps that it ran. */
  readonly steps: number
  /**
   * True when its answer is its last word: it ran all D steps, or a stop rule by q took it as it was. False when it was
   * pruned, or when the run ended around it.
   */
  readonly complete: boolean
  /** What it said of the puzzle's own board after its last step, row by row; `kind.decode` makes an answer of it. */
  readonly tokens: Uint8Array
  /** Halt logit after its last step. */
  readonly q: number
  /** The first step (from 1) whose answer the rules accepted, with its tokens and q; undefined if none was. */
  readonly firstVerified?:
    | { readonly step: number; readonly tokens: Uint8Array; readonly q: number }
    | undefined
}
