/**
 * Who may call: keys of 256 random bits, of which the service knows SHA-256 alone. That such a hash is quick to compute helps no
 * one: what would have to be guessed is too long. Every comparison takes the same time, whichever key is asked for.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SettingsError } from './settings/read.ts'

/** A caller that is let in. */
export interface KeyHolder {
  readonly name: string
  readonly hash: Uint8Array
}

const PREFIX = 'ptrm_'
const LINE = /^([\w.-]{1,64}):([\da-f]{64})$/

/** A new key, and the line of the file of keys that lets it in. */
export function newKey(name: string): { readonly key: string; readonly line: string } {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new SettingsError(
      `a key's name: found '${name}', wanted letters, digits, dots, - and _, at most 64`,
    )
  const key = `${PREFIX}${randomBytes(32).toString('base64url')}`
  return { key, line: `${name}:${hashOf(key).toString('hex')}` }
}

/** Reads the file of keys: a line each, empty ones and those behind `#` aside. Throws `SettingsError` with the line's number. */
export function readKeys(path: string): KeyHolder[] {
  const holders = textOf(path)
    .split(/\r?\n/)
    .flatMap((line, i) => {
      if (/^\s*(#|$)/.test(line)) return []
      const [, name, hash] = LINE.exec(line.trim()) ?? []
      if (name === undefined || hash === undefined)
        throw new SettingsError(
          `${path}:${i + 1}: wanted NAME:HASH, as 'ptrm serve --new-key NAME' prints it`,
        )
      return [{ name, hash: Buffer.from(hash, 'hex') }]
    })
  if (holders.length === 0) throw new SettingsError(`${path}: it holds no key, so nobody could call`)
  return holders
}

/** Whose key this is; undefined where it is nobody's. */
export function holderOf(holders: readonly KeyHolder[], key: string): string | undefined {
  const hash = hashOf(key)
  let name: string | undefined
  for (const holder of holders) if (timingSafeEqual(holder.hash, hash)) name = holder.name
  return name
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SettingsError(`can't read the keys ${path}: ${(cause as Error).message}`, { cause })
  }
}
