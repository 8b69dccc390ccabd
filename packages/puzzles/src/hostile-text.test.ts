/** Errors about hostile texts: short, whatever is how long in the text, and without codes that steer a terminal. */
import { describe, expect, it } from 'vitest'
import { AnyReader } from './notation/any-reader.ts'
import { itemsOf } from './notation/whole-text.ts'
import { kinds } from './registry.ts'

/** Also of lists of words, the longest of which say all that would be right. */
const LONGEST_MESSAGE = 1200
const LONG = 20_000

function messagesOf(text: string): string[] {
  const items = [...itemsOf(new AnyReader('in\u001b[2J.txt', undefined), text)]
  return items.flatMap((item) => ('error' in item ? [item.error.message] : []))
}

const parts = ['a', 'aa1', '9', '.', '\u001b[31m', 'x\u202e', 'http://', '?', "'"]
const around: readonly ((junk: string) => string)[] = [
  (junk) => junk,
  (junk) => `{"puzzle":${JSON.stringify(junk)}}`,
  (junk) => `{"url":${JSON.stringify(junk)},"id":${JSON.stringify(junk)}}`,
  (junk) => `{"kind":${JSON.stringify(junk)},"puzzle":"12"}`,
  (junk) => `{${JSON.stringify(junk)}:[]}`,
  (junk) =>
    `{${Array.from({ length: 2000 }, (_, i) => JSON.stringify(`${junk.slice(0, 90)}${i}`)).join(':0,')}:0}`,
  (junk) => `id,${junk}\n1,2`,
  (junk) => `kind,puzzle\n${junk},2`,
  (junk) => `https://puzz.link/p?${junk}`,
  (junk) => `https://puzz.link/p?${junk}/9/9/abc`,
  (junk) => `https://puzz.link/p?sudoku/${junk}/9/abc`,
  (junk) => `https://puzz.link/p?heyawake/6/6/${junk}`,
  (junk) => `SAVEFILE:41:Simon\nGAME :4:${junk}\nPARAMS :3:3x3`,
  (junk) => `${junk}.html#7x7:a`,
  (junk) => `7x7b20s4d0:${junk}`,
  (junk) => `pzprv3/${junk}\n3\n3`,
  (junk) => `pzprv3\nsudoku\n9\n${junk}\n`,
  (junk) => `pzprv3\nlightup\n2\n2\n${junk}\n`,
  (junk) => `begin\npuzzle\n${junk}\nend`,
  (junk) => `[Puzzle]\n${junk}`,
  (junk) => `<${junk}>\n</${junk}>`,
  (junk) => `<game data="${junk}"/>`,
  ...[...kinds.keys()].flatMap((kind) => [
    (junk: string) => `${kind}\n${junk} ${junk}\n${junk} ${junk}\n`,
    (junk: string) => `${kind}\n${junk}\n. .\n`,
    (junk: string) => `{"kind":"${kind}","puzzle":${JSON.stringify(`${junk} ${junk}\n${junk} a`)}}`,
  ]),
]

describe('an error', () => {
  it('quotes no long text whole', () => {
    let count = 0
    for (const part of parts)
      for (const text of around.map((make) => make(part.repeat(LONG / part.length)))) {
        const messages = messagesOf(text)
        count += messages.length
        for (const message of messages) expect(message.length, message).toBeLessThan(LONGEST_MESSAGE)
      }
    expect(count).toBeGreaterThan(200)
  })

  it('holds no code of the text, or of the name of its file', () => {
    for (const part of ['\u001b[31m', '\u009b2J', 'a\u202e', '\u0007'])
      for (const text of around.map((make) => make(part.repeat(3))))
        for (const message of messagesOf(text)) expect(message).not.toMatch(/[\p{Cc}\u202e]/u)
  })
})
