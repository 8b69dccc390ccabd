import { readFile } from 'node:fs/promises'
import { bundledModels } from '@ptrm/models'

for (const { weights, card } of bundledModels) {
  if ((await readFile(weights)).length < 50_000) throw new Error(`${weights} is short`)
  await readFile(card)
}
console.log('done')
