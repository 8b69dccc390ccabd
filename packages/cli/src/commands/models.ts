/** `ptrm models`: what is bundled, and a model's card. */
import { readFileSync } from 'node:fs'
import { type BundledModel, bundledModel, bundledModels } from '@ptrm/models'
import { Argument, type Command } from 'commander'
import { declare } from '../declare.ts'
import { UsageError } from '../input.ts'
import { jsonOption } from '../options/groups.ts'
import { print, printJson, tell } from '../run/output.ts'

const HELP = `
Examples:
  ptrm models
  ptrm models sudoku
`

export const command: Command = declare({
  name: 'models',
  description: 'list the bundled models, or print the card of one',
  arguments: [new Argument('[name]', 'model or kind')],
  options: [jsonOption(' a model; of one that is named, with its card')],
  help: HELP,
  exitCodes: { 0: 'done', 2: 'bad input or usage' },
  action: models,
})

/** Lists the bundled models, or prints the card of one. Throws `UsageError` where it is not bundled. */
async function models(name: string | undefined, { json }: { readonly json?: boolean }): Promise<0> {
  if (name !== undefined) {
    const model = named(name)
    const card = readFileSync(model.card, 'utf8')
    await (json ? printJson({ ...recordOf(model), card }) : print(card))
    return 0
  }
  for (const model of bundledModels) {
    const { name, kind, summary } = model
    await (json ? printJson(recordOf(model)) : print(`${name}\t${kind}\t${summary}\n`))
  }
  if (!json) await tell("'ptrm models NAME' prints a model's card\n")
  return 0
}

function recordOf({ name, kind, summary }: BundledModel): object {
  return { name, kind, summary }
}

function named(name: string): BundledModel {
  const model = bundledModel(name)
  if (model) return model
  throw new UsageError(`no model '${name}'; bundled: ${bundledModels.map((m) => m.name).join(', ')}`)
}
