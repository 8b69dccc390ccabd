/** Models by the bytes of their files: what a run names, a worker must have. */
import { hash } from 'node:crypto'
import { basename } from 'node:path'
import { bundledModel } from '@ptrm/models'
import { loadModel, loadModelBytes } from '@ptrm/orchestrator'
import type { ModelName } from './spec.ts'

/** The name of a model by bundled name, kind or path. Rejects with `ModelUnavailableError`. */
export async function nameModel(model: string): Promise<ModelName> {
  const sha256 = hash('sha256', await loadModelBytes(model))
  return { name: bundledModel(model)?.name ?? basename(model), sha256 }
}

/** The models that a worker has: the bundled ones, and files that it was given. */
export class ModelShelf {
  /** Bytes by SHA-256. */
  readonly #files = new Map<string, Uint8Array>()

  private constructor() {}

  /** Rejects with `ModelUnavailableError` and `ModelFormatError` where a file holds no model. */
  static async open(paths: readonly string[]): Promise<ModelShelf> {
    const shelf = new ModelShelf()
    for (const path of paths) shelf.#add((await loadModel(path)).bytes)
    return shelf
  }

  /** The model's file; undefined where it is not here. A bundled one of the name may be another than the run's. */
  async find({ name, sha256 }: ModelName): Promise<Uint8Array | undefined> {
    if (!this.#files.has(sha256) && bundledModel(name)) this.#add(await loadModelBytes(name))
    return this.#files.get(sha256)
  }

  #add(bytes: Uint8Array): void {
    this.#files.set(hash('sha256', bytes), bytes)
  }
}
