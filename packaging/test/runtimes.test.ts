/** Each package by itself, installed by npm, on every runtime. */
import { expect, inject } from 'vitest'
import { appFolder } from '../src/apps.ts'
import { packageNames } from '../src/packed.ts'
import { itsRow } from '../src/rows.ts'
import { run } from '../src/run.ts'
import { runtimes } from '../src/runtimes.ts'

const PUZZLE = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'

for (const { name: runtime, command } of runtimes) {
  const [file, ...first] = command
  for (const name of packageNames()) {
    itsRow({ runtime, bundler: '', what: `@ptrm/${name}` }, async () => {
      const cwd = appFolder(inject('workshop'), name)
      const output = await (name === 'cli'
        ? run(file, [...first, 'node_modules/@ptrm/cli/bin/ptrm.js', 'solve', PUZZLE, '--backend', 'wasm'], {
            cwd,
          })
        : run(file, [...first, `programs/${name}.mjs`], { cwd }))
      expect(output).toMatch(name === 'cli' ? /solved/ : /^done$/m)
    })
  }
}
