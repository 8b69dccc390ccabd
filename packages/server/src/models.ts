/** The models that are served: those that are bundled, and those of one folder. Nothing else is ever opened. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BoardSize, bundledModels, modelAmong } from '@ptrm/models'
import { loadModel, type RecommendedPlan } from '@ptrm/orchestrator'
import { fixedBoard, kinds } from '@ptrm/puzzles'
import { ServiceError } from './errors.ts'
import { SettingsError } from './settings/read.ts'

/** A model that is open to requests. */
export interface ServedModel {
  readonly name: string
  readonly kind: string
  readonly summary: string
  /** Whether it is of the caller's folder. */
  readonly isOwn: boolean
  /** Whether puzzles of its kind go to it where no model is asked for: to the first of them that takes the board. */
  readonly isDefault: boolean
  /** The largest board that it takes; missing: any. */
  readonly largest?: BoardSize | undefined
  /** SHA-256 of its file, hexadecimal. */
  readonly hash: string
  readonly recommended: RecommendedPlan
  readonly bytes: Uint8Array
}

const EXTENSION = '.safetensors'
/** Names go into URLs, logs and labels. */
const NAME = /^[\w.-]{1,64}$/

/** Opens all of them, so that a file that is none is told at the start; weights are looked at by an engine. Rejects with `SettingsError`, or as `loadModel` does. */
export async function openModels(folder: string | undefined): Promise<ServedModel[]> {
  const bundled = bundledModels.map(({ name, summary, weights }) =>
    open(name, fileURLToPath(weights), { summary, isDefault: true, isOwn: false }),
  )
  const own = filesOf(folder).map((file) =>
    open(basename(file, EXTENSION), file, { summary: '', isDefault: false, isOwn: true }),
  )
  const models = await Promise.all([...bundled, ...own])
  const names = models.map(({ name }) => name)
  const double = names.find((name, i) => names.indexOf(name) !== i || kinds.has(name))
  if (double !== undefined)
    throw new SettingsError(`models: '${double}' is the name of another model, or of a kind: rename the file`)
  const strange = models.find(({ kind }) => !kinds.has(kind))
  if (strange)
    throw new SettingsError(
      `models: '${strange.name}' is for ${strange.kind}, which is no kind of puzzle here`,
    )
  return models
}

/** What requests may call them: by name, or the default ones by kind. */
export function modelNames(models: readonly ServedModel[]): string[] {
  const defaults = models.filter(({ isDefault }) => isDefault)
  return [...models.map(({ name }) => name), ...new Set(defaults.map(({ kind }) => kind))]
}

/**
 * The model of this name, or the default one of this kind: the first that takes boards of this size, or the first of all.
 * Throws `ServiceError`.
 */
export function modelNamed(
  models: readonly ServedModel[],
  nameOrKind: string,
  size?: BoardSize,
): ServedModel {
  // Those that are no default go by their names alone.
  const open = models.filter(({ name, isDefault }) => isDefault || name === nameOrKind)
  const model = modelAmong(open, nameOrKind, size)
  if (model) return model
  throw new ServiceError('ModelUnavailableError', 422, `there is no model for ${nameOrKind}`, {
    place: { field: '/puzzle' },
  })
}

async function open(
  name: string,
  file: string,
  about: Pick<ServedModel, 'summary' | 'isDefault' | 'isOwn'>,
): Promise<ServedModel> {
  const { bytes, model } = await loadModel(file)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const fixed = fixedBoard(model.config)
  const largest = fixed && { rows: fixed.rows, cols: fixed.columns }
  return { name, kind: model.kind, ...about, largest, hash, recommended: model.recommended, bytes }
}

function filesOf(folder: string | undefined): string[] {
  if (folder === undefined) return []
  try {
    const names = readdirSync(folder).filter((name) => extname(name) === EXTENSION)
    const odd = names.find((name) => !NAME.test(basename(name, EXTENSION)))
    if (odd !== undefined)
      throw new SettingsError(
        `models: '${odd}': wanted a name of letters, digits, dots, - and _, of at most 64`,
      )
    return names.sort().map((name) => join(folder, name))
  } catch (cause) {
    if (cause instanceof SettingsError) throw cause
    throw new SettingsError(`models: can't read the folder ${folder}: ${(cause as Error).message}`, { cause })
  }
}
