/** `npm run docs`: sets everything up, then builds the documentation site into site/dist; a dead link fails it. */
import { run, setup } from './setup.mjs'

setup('docs')
process.exit(run('pnpm', ['--filter', '@ptrm/site', 'run', 'site']))
