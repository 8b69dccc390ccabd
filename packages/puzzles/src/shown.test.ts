/** What is made of texts that would steer a terminal, and of long ones. */
import { describe, expect, it } from 'vitest'
import { quoted, shortened, shown, shownJson, shownLines } from './shown.ts'

const CODES = [
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u009b',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\ud800',
]

describe('codes', () => {
  it('are written out, whatever stands around them', () => {
    expect(shown('a\u001b[31mb\u009b2J\u202ec')).toBe('a\\x1b[31mb\\x9b2J\\u202ec')
    expect(shown('a\nb\tc\r')).toBe('a\\x0ab\\x09c\\x0d')
    expect(shownLines('a\nb\tc\r\u001b')).toBe('a\nb\tc\\x0d\\x1b')
  })

  it.each(CODES.map((code) => [code]))('%j is in no text that is shown', (code) => {
    const texts = [shown, shownLines, quoted, shortened, shownJson].map((make) => make(`a${code}b`))
    for (const text of texts) expect(text).not.toContain(code)
    expect(JSON.parse(shownJson({ id: `a${code}b` }))).toEqual({ id: `a${code}b` })
  })

  it('are no letters, signs and pictures of any script', () => {
    const text = 'Größe 数独 עברית ✓ │ 👩 \u00a0'
    expect([shown(text), shownJson(text)]).toEqual([text, JSON.stringify(text)])
  })
})

describe('long texts', () => {
  it('are cut, and say how long they are', () => {
    expect(quoted('x'.repeat(60))).toBe(`'${'x'.repeat(60)}'`)
    expect(quoted('x'.repeat(61))).toBe(`'${'x'.repeat(60)}'... (61 characters)`)
    expect(quoted('\u001b'.repeat(60))).toBe(`'${'\\x1b'.repeat(15)}'... (60 characters)`)
    expect(shortened('x'.repeat(100_000))).toBe(`${'x'.repeat(60)}... (100000 characters)`)
  })

  it('are not cut within a character', () => {
    expect(quoted(`${'x'.repeat(59)}${'👩'.repeat(9)}`)).toBe(`'${'x'.repeat(59)}'... (77 characters)`)
  })
})
