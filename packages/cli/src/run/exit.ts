/** Exit codes that several commands have; 0 and 1 are a command's own answer, 3 is told from the error. */
export const BAD_INPUT = 2
/** Ctrl-C ended it. */
export const INTERRUPTED = 130
