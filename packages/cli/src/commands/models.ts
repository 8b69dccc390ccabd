/** `ptrm models`: what is bundled, and a model's card. */
import { readFileSync } from 'node:fs'
import { bundledModel, bundledModels } from '@ptrm/models'
import { UsageError } from '../input.ts'

/** Lists the bundled models, or prints the card of one. */
export function models(name: string | undefined, { json }: { json?: boolean }): number {
  if (name !== undefined) {
    const model = bundledModel(name)
    if (!model)
      throw new UsageError(`no model '${name}'; bundled: ${bundledModels.map((m) => m.name).join(', ')}`)
    process.stdout.write(readFileSync(model.card, 'utf8'))
    return 0
  }
  for (const { name, kind, summary } of bundledModels) {
    const line = json ? JSON.stringify({ name, kind, summary }) : `${name}\t${kind}\t${summary}`
    process.stdout.write(`${line}\n`)
  }
  if (!json) process.stderr.write("'ptrm models NAME' prints a model's card\n")
  return 0
}
