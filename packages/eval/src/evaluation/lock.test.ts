/** One process at a time has a folder: the dead are succeeded, the living are named, and no two ever get in together. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { FolderInUseError } from '../errors.ts'
import { FolderLock } from './lock.ts'
import { thisProcess } from './process.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ptrm-lock-'))
  return () => rmSync(folder, { recursive: true })
})

const since = '2026-01-01T00:00:00.000Z'
const own = { ...thisProcess(), since }
const LOCK = 'lock.0123456789ab'
const lock = (holder: object | string) => {
  const text = typeof holder === 'string' ? holder : `${JSON.stringify(holder)}\n`
  writeFileSync(join(folder, LOCK), text)
}

describe('a folder', () => {
  it('is taken once, by a file that says by whom, and given back', () => {
    const first = FolderLock.take(folder)
    const [file, ...others] = readdirSync(folder)
    expect(others).toEqual([])
    expect(JSON.parse(readFileSync(join(folder, file!), 'utf8'))).toMatchObject(thisProcess())
    expect(() => FolderLock.take(folder)).toThrow(FolderInUseError)
    first.release()
    first.release()
    expect(readdirSync(folder)).toEqual([])
    FolderLock.take(folder).release()
  })

  it('is refused while its holder runs, whom the error names', () => {
    lock(own)
    expect(() => FolderLock.take(folder)).toThrow(
      `${folder} is in use by process ${process.pid} on ${own.host} since ${since}; wait for it, end it, or choose another folder (-o)`,
    )
    expect(readdirSync(folder)).toEqual([LOCK])
  })

  it('is refused where its holder can not be seen, and the error says what to remove', () => {
    lock({ ...own, host: 'elsewhere' })
    expect(() => FolderLock.take(folder)).toThrow(
      new RegExp(`on elsewhere since .* if it is gone, remove .*${join(folder, LOCK)}$`),
    )
  })

  it.each([
    ['a dead process', { ...own, start: 'another' }],
    ['nobody, as its maker was killed before it wrote', ''],
    ['nobody, as the disk was full', '{"pid":1,"host"'],
    ['nobody, as it is no lock', '{"pid":"1"}'],
    ['nobody, as it is empty', 'null'],
  ])('is taken over from %s', (_name, holder) => {
    // A start that can't be told from this one's is no death.
    if (typeof holder === 'object' && own.start === '') return
    lock(holder)
    const taken = FolderLock.take(folder)
    expect(readdirSync(folder)).toHaveLength(1)
    taken.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is never had by two, while processes come, go and die in it', async () => {
    // Each takes the folder many times, and checks by a file of its own that it is alone; every third time it leaves its
    // lock as one that was killed would.
    const program = `
      import { FolderLock } from ${JSON.stringify(new URL('../../dist/evaluation/lock.js', import.meta.url).href)}
      import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
      const folder = ${JSON.stringify(folder)}
      let held = 0
      const until = Date.now() + 1500
      // On a busy machine all of that time may be the others'.
      while (Date.now() < (held === 0 ? until + 30_000 : until)) {
        let taken
        try { taken = FolderLock.take(folder) } catch (error) { if (error.name === 'FolderInUseError') continue; throw error }
        writeFileSync(folder + '/inside', '', { flag: 'wx' })
        held += 1
        rmSync(folder + '/inside')
        if (held % 3 > 0) { taken.release(); continue }
        const own = readdirSync(folder).filter((name) => name.startsWith('lock.')).map((name) => folder + '/' + name)
          .filter((file) => { try { return JSON.parse(readFileSync(file)).pid === process.pid } catch { return false } })
        writeFileSync(own[0], '')
      }
      console.log(held)`
    const runs = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program])
        const [out, err] = [child.stdout, child.stderr].map(async (stream) =>
          Buffer.concat(await stream.toArray()).toString(),
        )
        const [code] = await once(child, 'close')
        return { code, held: Number(await out), error: await err }
      }),
    )
    for (const { code, error } of runs) expect([code, error]).toEqual([0, ''])
    for (const { held } of runs) expect(held).toBeGreaterThan(0)
  })
})
