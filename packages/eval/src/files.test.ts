/** Files are written whole or not at all, and errors name them. */
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { FileError, readBytes, readJson, writeChunks, writeFile } from './files.ts'

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptrm-files-'))
})

describe('a file', () => {
  it('is written piece by piece, over what was there', () => {
    writeFile(at('a'), 'before')
    expect(writeChunks(at('a'), [Uint8Array.of(97), Uint8Array.of(98, 99)])).toBe(3)
    expect(readFileSync(at('a'), 'utf8')).toBe('abc')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('stays as it was where a piece fails', () => {
    writeFile(at('a'), 'before')
    const failing = function* () {
      yield Uint8Array.of(1)
      throw new RangeError('no more')
    }
    expect(() => writeChunks(at('a'), failing())).toThrow(RangeError)
    expect(readFileSync(at('a'), 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('is written where its link points', () => {
    writeFileSync(at('a'), 'before')
    symlinkSync('a', at('link'))
    writeFile(at('link'), 'after')
    expect(readFileSync(at('a'), 'utf8')).toBe('after')
  })

  it('may be a device', () => {
    expect(writeChunks('/dev/null', [new Uint8Array(7)])).toBe(7)
  })

  it('is named by the error of what can not be done with it', () => {
    expect(() => writeFile(at('no/such'), '')).toThrow(
      new FileError(`can't write ${at('no/such')}: ENOENT: no such file or directory`),
    )
    expect(() => writeFile(folder, '')).toThrow(`can't write ${folder}`)
    expect(() => readBytes(at('none'))).toThrow(`can't read ${at('none')}`)
    writeFile(at('a'), '{')
    expect(() => readJson(at('a'))).toThrow(`can't read ${at('a')}`)
  })
})
