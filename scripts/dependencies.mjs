/** `npm run dependencies`: sets everything up, then checks licences, install scripts, origins and known weaknesses of all that is installed. */
import { run, setup } from './setup.mjs'

setup('docs')
process.exit(run('pnpm', ['--silent', '--filter', '@ptrm/hardening', 'run', 'dependencies']))
