/**
 * Puts the page that shows the API beside the code: of swagger-ui-dist the script, the styles and the licence, so that the page
 * needs no other host. Not as a dependency: that would bring a package whose install script reports to its makers.
 */
import { cpSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const from = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
/** Its licence by another name: pnpm leaves ours out where it finds a file of that name, in whatever folder. */
const files = {
  'swagger-ui-bundle.js': 'swagger-ui-bundle.js',
  'swagger-ui.css': 'swagger-ui.css',
  LICENSE: 'terms.txt',
  NOTICE: 'notice.txt',
}
rmSync('swagger-ui', { recursive: true, force: true })
for (const [file, name] of Object.entries(files)) cpSync(join(from, file), join('swagger-ui', name))
