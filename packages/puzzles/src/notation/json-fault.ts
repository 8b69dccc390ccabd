/** Where JSON that can't be parsed goes wrong: engines word it differently, and some of their errors name no place. */

const TOKEN = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y
/** A comma behind the last item: programs and people leave it there, and it has one meaning only. */
const STRING_OR_LAST_COMMA = /"(?:[^"\\\n]|\\.)*"?|,(?=\s*(?:[\]}]|$))/g

/** The text without commas behind last items; offsets stay. */
export function withoutLastCommas(text: string): string {
  return text.replace(STRING_OR_LAST_COMMA, (found) => (found === ',' ? ' ' : found))
}

type Wanted = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next'

/** The offset of the first token that JSON can't have there; the text's length where it only ends too early. */
export function faultIn(text: string): number {
  const open: ('{' | '[')[] = []
  let wanted: Wanted = 'value'
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0]
    const next: Wanted | undefined = token === undefined ? undefined : after(wanted, token, open)
    if (!next) return at
    wanted = next
    at += token!.length
  }
  return text.length
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  return at
}

/** What must follow the token; undefined where it can't stand here. Keeps track of the open brackets. */
function after(wanted: Wanted, token: string, open: ('{' | '[')[]): Wanted | undefined {
  const closes = token === '}' ? '{' : token === ']' ? '[' : undefined
  if (closes) {
    const mayClose = wanted === 'next' || wanted === (closes === '{' ? 'first key' : 'first value')
    return mayClose && open.pop() === closes ? 'next' : undefined
  }
  if (wanted === 'colon') return token === ':' ? 'value' : undefined
  if (wanted === 'next') {
    if (token !== ',' || open.length === 0) return undefined
    return open.at(-1) === '{' ? 'key' : 'value'
  }
  if (token === ',' || token === ':') return undefined
  if (wanted === 'key' || wanted === 'first key') return token.startsWith('"') ? 'colon' : undefined
  if (token !== '{' && token !== '[') return 'next'
  open.push(token)
  return token === '{' ? 'first key' : 'first value'
}
