/** Does all set-up on a machine with Node >= 20 and npm: dependencies by the pinned pnpm, then a build. Quick when repeated. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.ptrm-setup')

/** The environment of every command once the dependencies are there: the pinned Node and pnpm lead. */
export const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
}
const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
env[pathName] = bin + delimiter + (env[pathName] ?? '')

/** Runs a command from the root with its output shown; returns its exit code. */
export function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (result.error) fail(`can't run ${command}: ${result.error.message}`)
  return result.status ?? 1
}

/** Runs a command in silence and prints one line; shows all it said when it fails, and ends with `remedy`. */
function stage(name, command, args, remedy, stageEnv = env) {
  const started = Date.now()
  process.stderr.write(`${name} ... `)
  const shell = process.platform === 'win32'
  const result = spawnSync(command, args, {
    cwd: root,
    env: stageEnv,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell,
  })
  if (result.status === 0) {
    process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
    return
  }
  process.stderr.write(`failed\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`)
  fail(`${name} failed: ${command} ${args.join(' ')}\n${remedy}`)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** Changes when a dependency may have: the lock file, the workspace file and every package.json. */
function dependencyHash() {
  const hash = createHash('sha256')
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name))
  const manifests = ['.', ...packages, 'benchmarks', 'docs', 'hardening', 'packaging', 'site'].map((folder) =>
    join(folder, 'package.json'),
  )
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** What is left out of the setup for a command: solving needs no page and no benchmarks, testing no documentation site. */
const NOT_FOR_TESTS = ['@ptrm/site']
const LEFT_OUT = {
  start: [
    '@ptrm/benchmarks',
    '@ptrm/docs',
    '@ptrm/hardening',
    '@ptrm/packaging',
    '@ptrm/web',
    ...NOT_FOR_TESTS,
  ],
  test: NOT_FOR_TESTS,
  docs: [],
}

/**
 * Makes the checkout ready for `npm start`, `npm test` or `npm run docs`, each of which needs all that the one before
 * needs and something more: the benchmarks' peers (onnxruntime, 400 MB) and the page's tools; VitePress and TypeDoc.
 * @param {keyof typeof LEFT_OUT} [command]
 */
export function setup(command = 'start') {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 16))
    fail(`ptrm needs Node 20.16 or newer, this is ${process.version}. Install a newer one and try again.`)
  const filters = LEFT_OUT[command].map((name) => `--filter=!${name}`)
  const hash = dependencyHash()
  const ready = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  const commands = Object.keys(LEFT_OUT)
  const enough = commands.slice(commands.indexOf(command)).map((name) => `${hash} ${name}`)
  if (!enough.includes(ready)) {
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    stage(
      'installing dependencies',
      'npx',
      ['--yes', packageManager, 'install', '--frozen-lockfile', ...filters],
      'It needs the npm registry once. Check the network (or your npm proxy settings) and the free disk space, then try again.',
      process.env, // not the Node in node_modules: the install may be replacing it, or mending a broken one
    )
    writeFileSync(stamp, enough[0])
  }
  stage(
    'building',
    'turbo',
    ['run', 'build', '--ui=stream', '--output-logs=errors-only', ...filters],
    'See the compiler messages above.',
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup('test')
