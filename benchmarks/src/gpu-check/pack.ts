/**
 * What the check needs beside the repository's files, copied to where it belongs in an empty folder: the built packages,
 * what they import of others, Node itself. Prints nothing; scripts/gpu-check.sh makes pieces of it.
 */
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Packages whose programs the check runs. */
const ROOTS = ['packages/cli', 'packages/orchestrator', 'packages/eval', 'benchmarks']
/** Imported only by what the check does not do: pictures of reports, the service, queues, other benchmarks, installing. */
const LEFT_OUT = new Set([
  ...['vega', 'vega-lite', 'autocannon', 'onnxruntime-web', 'bullmq', 'ioredis', '@opentelemetry/api'],
  ...[
    'hono',
    '@hono/node-server',
    '@hono/zod-openapi',
    'zod',
    'pino',
    'prom-client',
    'adm-zip',
    'global-agent',
  ],
])
/** Types, maps and pages; libraries of onnxruntime for other platforms. */
const FILES_LEFT_OUT =
  /\.(map|d\.ts|d\.mts|d\.cts|md)$|\/swagger-ui$|\/bin\/napi-[^/]+\/(darwin|win32|linux\/arm64)$/

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Copies all of it into the folder. Throws where something is not installed or not built. */
function pack(into: string): void {
  const seen = new Set<string>()
  for (const name of ROOTS) follow(join(ROOT, name), into, seen)
  // The file that runs this: set-up has made node_modules/.bin/node a script that starts it.
  put(realpathSync(process.execPath), join(into, 'node_modules/.bin/node'))
}

/** A package and all that it imports, each once. */
function follow(folder: string, into: string, seen: Set<string>): void {
  const real = realpathSync(folder)
  if (seen.has(real)) return
  seen.add(real)
  const isOurs = !real.includes('node_modules')
  if (isOurs) {
    // The rest of our packages is in the repository.
    if (existsSync(join(real, 'src')) && !real.endsWith('benchmarks'))
      put(join(real, 'dist'), join(into, relative(ROOT, real), 'dist'))
  } else
    for (const name of readdirSync(real))
      if (name !== 'node_modules') put(join(real, name), join(into, relative(ROOT, real), name))
  const manifest = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as Manifest
  const { dependencies, peerDependencies, optionalDependencies } = manifest
  const wanted = { ...dependencies, ...(isOurs && { ...peerDependencies, ...optionalDependencies }) }
  for (const name of Object.keys(wanted).filter((each) => !LEFT_OUT.has(each))) {
    const link = linkOf(name, real)
    if (lstatSync(link).isSymbolicLink()) put(link, join(into, relative(ROOT, link)))
    follow(link, into, seen)
  }
}

/** Where Node finds a package from a folder. */
function linkOf(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const link = join(folder, 'node_modules', name)
    if (existsSync(link)) return link
  }
  throw new Error(`${from} needs ${name}, which is not installed: npm run setup`)
}

function put(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`${from} is not there: npm run build`)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !FILES_LEFT_OUT.test(path) })
}

const [into] = process.argv.slice(2)
if (into === undefined) throw new RangeError('pack.ts: which folder?')
pack(into)
