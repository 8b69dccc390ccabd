/** Models in Node: by bundled name, by kind, or by the path of a file. */
import { readFile } from 'node:fs/promises'
import { type Model, ModelFormatError } from '@ptrm/core-wasm'
import { bundledModel, bundledModels } from '@ptrm/models'
import { ModelUnavailableError } from './errors.ts'
import { openModel } from './model.ts'

/** A model's file, by bundled name, kind or path. Rejects with `ModelUnavailableError`, which lists the bundled names. */
export async function loadModelBytes(model: string): Promise<Uint8Array> {
  const bundled = bundledModel(model)
  try {
    return await readFile(bundled ? bundled.weights : model)
  } catch (cause) {
    const names = bundledModels.map(({ name }) => name).join(', ')
    throw new ModelUnavailableError(
      `no model '${model}': neither a bundled model (${names}) nor a readable file`,
      { cause },
    )
  }
}

/** A model and its file's bytes, by bundled name, kind or path. Rejects as `loadModelBytes` does, and with `ModelFormatError`. */
export async function loadModel(
  name: string,
): Promise<{ readonly bytes: Uint8Array; readonly model: Model }> {
  const bytes = await loadModelBytes(name)
  return namingModel(name, async () => ({ bytes, model: openModel(bytes) }))
}

/** Does `work`; a `ModelFormatError`, which knows bytes only, then starts with the model's name or path. */
export async function namingModel<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ModelFormatError) error.message = `${name}: ${error.message}`
    throw error
  }
}
