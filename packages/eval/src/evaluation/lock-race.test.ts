/** A lock that another removed, as he had seen it half written, is no lock, though he is gone by the time he is looked at. */
import type * as Fs from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { FolderLock } from './lock.ts'
import { thisProcess } from './process.ts'

/** What happens between a listing of the folder and what is done with it. */
let afterListing: ((names: readonly string[]) => readonly string[]) | undefined

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  return {
    ...fs,
    readdirSync: (path: string) => {
      const names = fs.readdirSync(path)
      return afterListing ? afterListing(names) : names
    },
  }
})

it('is taken anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ptrm-lock-'))
  const other = 'lock.0123456789ab'
  let isOver = false
  afterListing = (names) => {
    // The first look, before a lock is put.
    if (isOver || names.length === 0) return names
    isOver = true
    writeFileSync(
      join(folder, other),
      JSON.stringify({ ...thisProcess(), since: '2026-01-01T00:00:00.000Z' }),
    )
    for (const name of [...names, other]) rmSync(join(folder, name))
    return [...names, other]
  }
  const taken = FolderLock.take(folder)
  afterListing = undefined
  expect(isOver).toBe(true)
  expect(() => FolderLock.take(folder)).toThrow('is in use by process')
  taken.release()
  rmSync(folder, { recursive: true })
})
