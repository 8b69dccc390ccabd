/** Files are written whole or not at all, files of lines by whole lines, and errors name them. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  checkPlace,
  FileError,
  isSamePlace,
  LineFile,
  linesOf,
  makeFolder,
  readBytes,
  readJson,
  removeParts,
  writeChunks,
  writeFile,
} from './files.ts'

let folder: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptrm-files-'))
  return () => rmSync(folder, { recursive: true })
})

describe('two paths', () => {
  it('are one place by whatever names, before anything is there and after', () => {
    makeFolder(at('a'))
    symlinkSync(at('a'), at('link'))
    const isOne = () => isSamePlace(at('a/file'), `${at('a')}/../link/file`)
    expect([isOne(), isSamePlace(at('a/file'), at('a/other'))]).toEqual([true, false])
    writeFileSync(at('a/file'), '')
    symlinkSync(at('a/file'), at('alias'))
    expect([isOne(), isSamePlace(at('alias'), at('a/file'))]).toEqual([true, true])
    expect([isSamePlace(at('a'), at('link')), isSamePlace(at('a'), at('a/file'))]).toEqual([true, false])
    expect(isSamePlace('/dev/null', '/dev/null')).toBe(false)
  })
})

describe('a folder', () => {
  it('is made with those above it, or refused where it can’t be, and neither hangs', () => {
    makeFolder(at('a/b/c'))
    makeFolder(at('a/b/c'))
    expect(statSync(at('a/b/c')).isDirectory()).toBe(true)
    writeFileSync(at('d'), '')
    expect(() => makeFolder(at('d/e'))).toThrow(`${at('d')} is a file, not a folder`)
    // In processes of their own, as what hangs in Node's own code no timer ends.
    const script = `import { makeFolder } from ${JSON.stringify(new URL('./files.ts', import.meta.url).href)}
      import { mkdirSync, rmdirSync } from 'node:fs'
      mkdirSync(${JSON.stringify(at('gone'))}); process.chdir(${JSON.stringify(at('gone'))}); rmdirSync(${JSON.stringify(at('gone'))})
      for (const path of ['x', 'x/y']) try { makeFolder(path) } catch (error) { console.log(error.name) }`
    writeFileSync(at('script.mts'), script)
    const { stdout, signal } = spawnSync(process.execPath, [at('script.mts')], { timeout: 20_000 })
    expect([String(stdout), signal]).toEqual(['FileError\nFileError\n', null])
  })
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

  it('keeps who may read it', () => {
    writeFile(at('a'), 'before')
    chmodSync(at('a'), 0o640)
    writeFile(at('a'), 'after')
    expect(statSync(at('a')).mode & 0o777).toBe(0o640)
  })

  it('may have a name as long as names may be', () => {
    const long = `${'n'.repeat(251)}.svg`
    writeFile(at(long), 'text')
    expect(readdirSync(folder)).toEqual([long])
  })

  it('is written beside what killed writers left, which those who own the folder remove', () => {
    const parts = ['a', 'b'].map((name) => `${name}.0123456789ab.part`)
    for (const part of parts) writeFileSync(at(part), 'half')
    writeFile(at('a'), 'text')
    removeParts(folder, ['a'])
    expect(readdirSync(folder).sort()).toEqual(['a', parts[1]])
  })

  it('may be a device', () => {
    expect(writeChunks('/dev/null', [new Uint8Array(7)])).toBe(7)
  })

  it('has a place or not, which can be told before', () => {
    checkPlace(at('a'))
    checkPlace('/dev/null')
    expect(readdirSync(folder)).toEqual([])
    expect(() => checkPlace(at('no/such'))).toThrow(
      new FileError(`can't write ${at('no/such')}: ENOENT: no such file or directory`),
    )
    writeFileSync(at('a'), 'before')
    checkPlace(at('a'))
    expect(() => checkPlace(at('a/b'))).toThrow(`can't write ${at('a/b')}: E`)
    expect(readFileSync(at('a'), 'utf8')).toBe('before')
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

describe('a file of lines', () => {
  it('is read line by line, over the ends of blocks, to the rest behind the last end', () => {
    const texts = ['', 'a', '\u2713'.repeat(700_000), 'x'.repeat(3_000_000), '', 'the rest \u2713']
    writeFile(at('a'), texts.join('\n'))
    const lines = [...linesOf(at('a'))]
    expect(lines.map(({ text }) => text)).toEqual(texts)
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
    expect(lines.map(({ isWhole }) => isWhole)).toEqual([true, true, true, true, true, false])
    expect(lines.reduce((sum, { size }) => sum + size, 0)).toBe(statSync(at('a')).size)
    writeFile(at('a'), '')
    expect([...linesOf(at('a'))]).toEqual([])
    expect(() => [...linesOf(at('none'))]).toThrow(`can't read ${at('none')}: ENOENT`)
    expect(() => [...linesOf(folder)]).toThrow(`can't read ${folder}: EISDIR`)
  })

  it('grows by lines, over several openings', () => {
    for (const line of ['first', 'second \u2713']) {
      const lines = new LineFile(at('a'))
      lines.append(line)
      lines.flush()
      lines.close()
      lines.close()
      expect(() => lines.append('more')).toThrow(`can't write ${at('a')}: it is closed`)
    }
    expect(readFileSync(at('a'), 'utf8')).toBe('first\nsecond \u2713\n')
    expect(() => new LineFile(at('no/such'))).toThrow(FileError)
  })
})

/**
 * Runs a program of `./files.ts` that may write so many times 512 bytes into a file: as on a full disk, the write that
 * reaches the limit takes a part, the next one fails.
 */
function withLimit(blocks: number, program: string): Record<string, unknown> {
  const files = new URL('../dist/files.js', import.meta.url).href
  const source = `import * as files from ${JSON.stringify(files)}; const at = (name) => ${JSON.stringify(`${folder}/`)} + name
    const failing = (work) => { try { work() } catch (error) { return error.name + ': ' + error.message } }
    ${program}`
  const args = [
    '-c',
    `ulimit -f ${blocks}; exec "$0" "$@"`,
    process.execPath,
    '--input-type=module',
    '-e',
    source,
  ]
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe.skipIf(process.platform === 'win32')('where there is no room', () => {
  it('a line is cut off whole, and a shorter one still finds its place', () => {
    const { error, kept } = withLimit(
      4,
      `const lines = new files.LineFile(at('a')); let kept = 0; let error
      while (!error) { error = failing(() => lines.append('x'.repeat(299))); if (!error) kept += 1 }
      lines.append('short'); console.log(JSON.stringify({ error, kept }))`,
    )
    expect(error).toBe(`FileError: can't write ${at('a')}: EFBIG: file too large`)
    expect(kept).toBeGreaterThan(1)
    expect(readFileSync(at('a'), 'utf8')).toBe(`${`${'x'.repeat(299)}\n`.repeat(kept as number)}short\n`)
  })

  it('a file stays as it was, and nothing is left beside it', () => {
    writeFile(at('a'), 'before')
    const { error } = withLimit(
      4,
      `console.log(JSON.stringify({ error: failing(() => files.writeFile(at('a'), 'x'.repeat(10_000))) }))`,
    )
    expect(error).toBe(`FileError: can't write ${at('a')}: EFBIG: file too large`)
    expect(readFileSync(at('a'), 'utf8')).toBe('before')
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it.skipIf(process.platform !== 'linux')('a full device is named', () => {
    expect(() => writeFile('/dev/full', 'text')).toThrow(
      new FileError("can't write /dev/full: ENOSPC: no space left on device"),
    )
  })
})
