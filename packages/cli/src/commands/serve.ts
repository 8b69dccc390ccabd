/** `ptrm serve`: solves over HTTP until it is told to end. */
import { environmentName, SETTINGS } from '@ptrm/server/settings'
import type { Command } from 'commander'
import { declare, option } from '../declare.ts'
import type { ServeFlags } from '../serve/serve.ts'

const HELP = `
Examples:
  ptrm serve
  ptrm serve --port 9000 --max-queue 200 --cors https://example.com
  ptrm serve --new-key alice >> alice.key      (the line for the file of keys goes to stderr)
  curl -s localhost:8080/v1/solve -H 'Content-Type: application/json' -d '{"puzzle":"52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38."}'

The API is described at /openapi.json, and for people at /docs. Of every option there is a variable of the environment, such as
${environmentName({ name: 'max-queue' })}, and a line of the settings file, such as max-queue: 200. Flags come first, then the environment, then the file.
The file of keys has a line NAME:HASH for each; callers send theirs as Authorization: Bearer KEY.
Logs are JSON lines on stdout. SIGTERM lets what was accepted come to its end; a second one ends at once.
`

export const command: Command = declare({
  name: 'serve',
  description: 'solve over HTTP: JSON, event streams and NDJSON, with the bundled models or your own',
  options: [
    option('--config <file>', 'settings, one name: value a line (also: PTRM_CONFIG)'),
    // Read where the environment and the file are, by the same words.
    ...SETTINGS.map(({ name, takes, description }) => option(`--${name} <${takes}>`, description)),
    option('--new-key <name>', 'print a new API key and the line that lets it in, and end'),
  ],
  help: HELP,
  exitCodes: {
    0: 'ended as it was told to',
    1: 'ended before all that was accepted was done',
    2: 'bad input or usage',
    3: 'the backend failed',
  },
  action: async (flags: ServeFlags) => (await import('../serve/serve.ts')).serve(flags),
})
