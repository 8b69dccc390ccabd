/**
 * Makes `dist`: the command and its workers as a few files, with the code of our own packages inside. Node takes a
 * millisecond to find and link a file, and there are two hundred; see docs/decisions/0021-start.md. What others wrote
 * stays in packages of its own, under its own licence.
 */
import { cpSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const outside = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]
const folderOf = (name) => dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)))
const orchestrator = join(folderOf('@ptrm/orchestrator'), 'dist')

const { metafile } = await build({
  entryPoints: ['src/main.ts', join(orchestrator, 'pool', 'node-worker.js')],
  // Beside each other, as modules look for workers there; one folder deep, as the kernel is looked for in `../pkg`.
  outdir: 'dist/js',
  entryNames: '[name]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: `node${/[\d.]+/.exec(manifest.engines.node)[0]}`,
  external: outside,
  legalComments: 'none',
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
})

const inputs = Object.keys(metafile.inputs)
const foreign = inputs.find((file) => file.includes('node_modules'))
if (foreign) throw new Error(`${foreign} is not ours to bundle: its package belongs into "dependencies"`)
const imported = new Set(
  Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
)
const isImported = (name) => [...imported].some((path) => path === name || path.startsWith(`${name}/`))
/** Not imported by us: @hono/zod-openapi leaves the choice of its version to its users. */
const PEERS = ['zod']
const unused = outside.find((name) => !isImported(name) && !PEERS.includes(name))
if (unused) throw new Error(`${unused} stands in "dependencies", and no file imports it`)

cpSync(join(folderOf('@ptrm/core-wasm'), 'pkg'), 'dist/pkg', {
  recursive: true,
  filter: (path) => !/\.(js|ts)$/.test(path),
})
cpSync(join(folderOf('@ptrm/server'), 'swagger-ui'), 'dist/swagger-ui', { recursive: true })
