/** Workers in workerd, Cloudflare's runtime: bundled as its tools do it, and served on a port of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { run } from './run.ts'
import { WORKERD } from './runtimes.ts'

/** What workerd calls a file of a bundle. */
const MODULE_TYPES: Readonly<Record<string, string>> = {
  '.js': 'esModule',
  '.wasm': 'wasm',
  '.safetensors': 'data',
}

/** Bundles `entry` of the app in `cwd` into `folder`: one script; the .wasm files and weights that it imports beside it. */
export async function bundleWorker(cwd: string, entry: string, folder: string): Promise<void> {
  const loaders = ['--loader:.wasm=copy', '--loader:.safetensors=copy']
  const args = ['--bundle', '--minify', '--format=esm', '--conditions=workerd,worker,browser', ...loaders]
  await run('esbuild', [entry, ...args, `--outdir=${folder}`, '--log-level=warning'], { cwd })
}

export interface ServedWorker {
  readonly origin: string
  readonly process: ChildProcess
  close(): Promise<void>
}

/** Serves the bundle in `folder`, whose script is `script`. `date`: which workerd it is compatible with. */
export async function serveWorker(
  folder: string,
  script: string,
  date = '2026-10-01',
): Promise<ServedWorker> {
  writeFileSync(join(folder, 'config.capnp'), configOf(folder, script, date))
  const child = spawn(WORKERD, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  try {
    return { origin: `http://127.0.0.1:${await portOf(child)}`, process: child, close }
  } catch (error) {
    await close()
    throw error
  }
}

function configOf(folder: string, script: string, date: string): string {
  const files = readdirSync(folder).filter((file) => MODULE_TYPES[extname(file)])
  // The first is the one that is served.
  const modules = [script, ...files.filter((file) => file !== script)].map(
    (file) => `(name = "${file}", ${MODULE_TYPES[extname(file)]} = embed "${file}")`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (compatibilityDate = "${date}", modules = [${modules.join(', ')}]);
`
}

/** Which port it took; it says so on its control channel. */
async function portOf(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`workerd ended with ${code}`)
  })
  const said = once((child.stdio[3] as Readable).setEncoding('utf8'), 'data')
  const [line] = (await Promise.race([said, ended])) as [string]
  ended.catch(() => {}) // the end, when it comes, is wanted
  return JSON.parse(line.split('\n')[0]!).port
}

/** Milliseconds of CPU time that a process has taken so far, of all its threads; Linux tells, by hundredths of a second. */
export function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
