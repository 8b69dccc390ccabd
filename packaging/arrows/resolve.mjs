/** For dependency-cruiser: our packages' names lead to their sources, not to what was built from them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const alias = {}
for (const name of readdirSync('packages')) {
  const folder = resolve('packages', name)
  const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const [entry, target] of Object.entries(exports)) {
    const built = target.default
    if (!built?.startsWith('./dist/')) continue
    const sources = ['src', 'ts'].map((root) =>
      join(folder, built.replace('./dist/', `${root}/`).replace(/\.js$/, '.ts')),
    )
    const source = sources.find((file) => existsSync(file))
    if (!source)
      throw new Error(
        `packages/${name}/package.json: ${built} has no source; looked for ${sources.join(', ')}`,
      )
    // $: this very entry, nothing below it.
    alias[`@ptrm/${name}${entry.slice(1)}$`] = source
  }
}

export default { resolve: { alias } }
