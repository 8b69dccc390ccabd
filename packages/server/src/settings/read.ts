/** Reads the settings: flags first, then the environment, then the file, then what holds by default. */
import { readFileSync } from 'node:fs'
import { shortened } from '@ptrm/puzzles'
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml'
import { SETTINGS, type Setting, type Settings } from './table.ts'

/** A setting that is wrong: the message names where it stands, what was found, and what is wanted. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

export interface Sources {
  /** By field, as they were typed. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Path of the file of settings; without it, `PTRM_CONFIG` of `env`. */
  readonly file?: string | undefined
}

/** A value as it was written, and where. */
interface Written {
  readonly where: string
  readonly text: string
}

/** Throws `SettingsError`. */
export function readSettings({
  flags = {},
  env = {},
  file = env['PTRM_CONFIG'] || undefined,
}: Sources = {}): Settings {
  const inFile = file === undefined ? new Map<string, Written>() : readFile(file)
  const values = SETTINGS.map((setting) => {
    const written = fromFlags(setting, flags) ?? fromEnvironment(setting, env) ?? inFile.get(setting.name)
    return [setting.field, written ? parsed(setting, written) : setting.fallback]
  })
  return Object.fromEntries(values)
}

/** How the environment spells a setting: `PTRM_MAX_ROLLOUTS`. */
export function environmentName({ name }: Pick<Setting, 'name'>): string {
  return `PTRM_${name.toUpperCase().replaceAll('-', '_')}`
}

function parsed({ parse }: Setting, { where, text }: Written): unknown {
  const value = parse.read(text)
  if (value === undefined)
    throw new SettingsError(`${where}: found '${shortened(text)}', wanted ${parse.wanted}`)
  return value
}

function fromFlags({ field, name }: Setting, flags: Readonly<Record<string, unknown>>): Written | undefined {
  const value = flags[field]
  return value === undefined ? undefined : { where: `--${name}`, text: String(value) }
}

function fromEnvironment(setting: Setting, env: NonNullable<Sources['env']>): Written | undefined {
  const where = environmentName(setting)
  const text = env[where]
  return text === undefined || text === '' ? undefined : { where, text }
}

/** A file of settings is YAML, and so may be JSON: a name and a value a line. */
function readFile(path: string): Map<string, Written> {
  const lines = new LineCounter()
  const document = parseDocument(textOf(path), { lineCounter: lines, logLevel: 'silent' })
  const at = (offset: number) => `${path}:${lines.linePos(offset).line}`
  const [fault] = document.errors
  if (fault)
    throw new SettingsError(
      `${at(fault.pos[0])}: ${fault.message.split('\n')[0]!.replace(/ at line .*$/, '')}`,
    )
  if (document.contents === null) return new Map()
  if (!isMap(document.contents))
    throw new SettingsError(`${path}:1: wanted a name and a value a line, such as port: 8080`)
  return new Map(document.contents.items.map((pair) => entryOf(pair as Pair, at)))
}

function entryOf({ key, value }: Pair, at: (offset: number) => string): [string, Written] {
  const place = isScalar(key) ? (key.range?.[0] ?? 0) : 0
  const name = isScalar(key) ? String(key.value) : ''
  const where = at(place)
  if (!SETTINGS.some((setting) => setting.name === name))
    throw new SettingsError(
      `${where}: no setting '${shortened(name)}'; there are ${SETTINGS.map((one) => one.name).join(', ')}`,
    )
  const items = isSeq(value) ? value.items : [value]
  if (!items.every(isScalar)) throw new SettingsError(`${where}: ${name}: wanted one value`)
  return [
    name,
    { where: `${where}: ${name}`, text: items.map((item) => item.source ?? String(item.value)).join(',') },
  ]
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SettingsError(`can't read the settings ${path}: ${(cause as Error).message}`, { cause })
  }
}
