/**
 * Puts the page that shows the API beside the code: of swagger-ui-dist the script, the styles and the licence, so that the page
 * needs no other host. Not as a dependency: that would bring a package whose install script reports to its makers.
 */
import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const from = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE'])
  cpSync(join(from, file), join('swagger-ui', file))
