/** The JSON of files that others made. */

/**
 * Values in values: the reference reader's own limit. What is later done with them calls itself once a level, and a file
 * of a few kB could have it run out of stack.
 */
const MOST_DEPTH = 128

/** Throws a SyntaxError for what is no JSON, or nested too deeply. */
export function parseJson(text: string): unknown {
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') isQuoted = !isQuoted
    else if (isQuoted) at += sign === '\\' ? 1 : 0
    else if (sign === '[' || sign === '{') depth++
    else if (sign === ']' || sign === '}') depth--
    if (depth > MOST_DEPTH) throw new SyntaxError(`nested more than ${MOST_DEPTH} deep`)
  }
  return JSON.parse(text)
}
